#include "simulated/garbage.h"

#include <limits>

#include <nlohmann/json.hpp>

#include "simulated/draws.h"

namespace simulated {
namespace {

/// More than the driver takes from a worker.
constexpr std::size_t kFloodBytes = std::size_t{20} << 20;

std::string drawn_form(const harness::Record& record) {
  auto draws = draws_of_cell(record.cell, "garbage");
  constexpr auto kLast = harness::kGarbageForms.size() - 1;
  return std::string(
      harness::kGarbageForms[std::uniform_int_distribution<std::size_t>(0, kLast)(draws)]);
}

}  // namespace

std::string garbage(const harness::Record& record, std::string form) {
  if (form.empty()) form = drawn_form(record);
  nlohmann::json json = record;
  if (form == "nothing") return "";
  if (form == "text") return "terminate called without an active exception";
  if (form == "flood") return std::string(kFloodBytes, 'x');
  const std::string line = json.dump();
  if (form == "cut_off") return line.substr(0, line.size() / 2);
  if (form == "two_records") return line + "\n" + line;
  if (form == "other_cell") json["cell"]["micro_batch"] = record.cell.micro_batch + 1;
  if (form == "other_round") json["round"] = record.round + 1;
  if (form == "wrong_count") json["sequences_per_sample"] = record.sequences_per_sample + 1;
  if (form == "not_finite") json["samples"][0] = std::numeric_limits<double>::quiet_NaN();
  if (form == "negative_times") json["samples"][0] = -record.samples.at(0);
  if (form == "unknown_key") json["surprise"] = true;
  return json.dump();
}

}  // namespace simulated
