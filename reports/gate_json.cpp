#include "reports/gate_json.h"

#include <nlohmann/json.hpp>

#include "harness/analysis/cell_label.h"
#include "harness/analysis/self_test.h"

namespace reports {
namespace {

using harness::CellVerdict;
using harness::GateResult;
using harness::Verdict;
using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

/// `value`, or null.
template <typename T>
Json nullable(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json status_json(const std::optional<harness::Status>& status) {
  return status ? Json(to_string(*status)) : Json();
}

Json interval_json(const std::optional<harness::Interval>& interval) {
  return interval ? Json{interval->low, interval->high} : Json();
}

Json time_json(const std::optional<harness::TimeChange>& time) {
  if (!time) return {};
  return {{"verdict", to_string(time->verdict)},
          {"pairs", time->pairs},
          {"ratio", time->ratio},
          {"interval", interval_json(time->interval)},
          {"budget", time->budget}};
}

Json memory_json(const std::optional<harness::MemoryChange>& memory) {
  if (!memory) return {};
  return {{"verdict", to_string(memory->verdict)},
          {"before_bytes", memory->before_bytes},
          {"after_bytes", memory->after_bytes},
          {"ratio", memory->ratio()},
          {"budget", memory->budget}};
}

Json cell_json(const CellVerdict& cell, const std::vector<std::string>& axes) {
  return {{"label", cell_label(cell.cell, axes)},
          {"verdict", to_string(cell.verdict)},
          {"reason", cell.reason},
          {"status",
           {{"verdict", to_string(cell.status.verdict)},
            {"before", status_json(cell.status.before)},
            {"after", status_json(cell.status.after)}}},
          {"time", time_json(cell.time)},
          {"first_time", time_json(cell.first_time)},
          {"memory", memory_json(cell.memory)},
          {"before_samples_per_second", nullable(cell.before_samples_per_second)},
          {"after_samples_per_second", nullable(cell.after_samples_per_second)},
          {"cell", nlohmann::json(cell.cell)}};
}

Json result_json(const GateResult& result) {
  Json counts = Json::object();
  for (const Verdict verdict : {Verdict::kPassed, Verdict::kImproved, Verdict::kSkipped,
                                Verdict::kInconclusive, Verdict::kFailed}) {
    counts[std::string(to_string(verdict))] = result.count(verdict);
  }
  Json cells = Json::array();
  for (const CellVerdict& cell : result.cells) cells.push_back(cell_json(cell, result.axes));
  return {{"schema_version", kSchemaVersion},
          {"name", result.name},
          {"verdict", to_string(result.verdict())},
          {"against", result.against == harness::GateAgainst::kRun ? "run" : "worker"},
          {"before", result.before},
          {"after", result.after},
          {"rounds", result.rounds},
          {"seed", result.seed},
          {"counts", counts},
          {"cells", cells}};
}

Json proportion_json(const harness::Proportion& proportion) {
  return {{"count", proportion.count},
          {"of", proportion.of},
          {"rate", nullable(proportion.rate())},
          {"interval", interval_json(proportion.interval)}};
}

}  // namespace

std::string gate_json(const GateResult& result) {
  return result_json(result).dump(1) + "\n";
}

std::string self_test_json(const std::vector<GateResult>& gates) {
  const harness::SelfTest test = harness::evaluate_self_test(gates);
  Json results = Json::array();
  for (const GateResult& gate : gates) results.push_back(result_json(gate));
  const Json document = {{"schema_version", kSchemaVersion},
                         {"alarms", proportion_json(test.alarms)},
                         {"false_alarms", proportion_json(test.false_alarms)},
                         {"inconclusive", proportion_json(test.inconclusive)},
                         {"failed_gates", proportion_json(test.failed_gates)},
                         {"slower", proportion_json(test.slower)},
                         {"gates", results}};
  return document.dump(1) + "\n";
}

}  // namespace reports
