#include "harness/spec/simulated_spec.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/protocol/simulated_device.h"
#include "harness/spec/condition_spec.h"
#include "harness/spec/limits.h"

namespace harness {
namespace {

constexpr double kMostPercent = 1000;
constexpr double kMostSigma = 1;

template <std::size_t N>
std::vector<std::string> texts_of(const std::array<std::string_view, N>& names) {
  return {names.begin(), names.end()};
}

double read_number(const SpecNode& node, double low, double high) {
  const double value = node.number();
  if (value < low || value > high) {
    node.fail(fmt::format("{} is not from {:g} to {:g}", node.shown(), low, high),
              "give a number in that range");
  }
  return value;
}

/// What is not in the file keeps the value it has, so that `after` need only say what differs.
void read_number(const SpecNode& parent, const std::string& key, double low, double high,
                 double& value) {
  if (const auto node = parent.find(key)) value = read_number(*node, low, high);
}

void read_implementation(const SpecNode& node, bool is_new, SimulatedImplementation& value) {
  node.only_keys({"time", "memory"});
  if (const auto time = is_new ? node.at("time") : node.find("time")) {
    time->only_keys({"base", "sequence"});
    if (const auto base = time->find("base")) value.base_s = base->seconds();
    if (const auto sequence = time->find("sequence")) value.sequence_s = sequence->seconds();
    if (value.base_s + value.sequence_s == 0) time->fail("a step must take time", "add 'sequence'");
  }
  if (const auto memory = is_new ? node.at("memory") : node.find("memory")) {
    memory->only_keys({"base", "sequence"});
    if (const auto base = memory->find("base")) value.base_bytes = base->bytes(0);
    if (const auto sequence = memory->find("sequence")) value.sequence_bytes = sequence->bytes(0);
  }
}

void read_implementations(const SpecNode& node, const SweepSpec& spec, SimulatedDevice& device) {
  node.only_keys(spec.implementations);
  for (const std::string& name : node.keys()) {
    const bool is_new = !device.implementations.contains(name);
    read_implementation(node.at(name), is_new, device.implementations[name]);
  }
}

void read_flags(const SpecNode& node, const Catalog& catalog, SimulatedDevice& device) {
  std::vector<std::string> known;
  for (const FlagEntry& flag : catalog.flags) known.push_back(flag.name);
  node.only_keys(known);
  for (const std::string& name : node.keys()) {
    const SpecNode flag = node.at(name);
    flag.only_keys({"time_percent", "frees_percent"});
    SimulatedFlag& value = device.flags[name];
    read_number(flag, "time_percent", -99, kMostPercent, value.time_percent);
    read_number(flag, "frees_percent", -kMostPercent, 100, value.frees_percent);
  }
}

/// The correctness gate runs once for all cells with the same of these.
void require_combination(const SpecNode& when) {
  when.only_keys({"implementation", "flags", "precision", "layer_norm", "gelu"});
}

SimulatedFault read_fault(const SpecNode& node, const Catalog& catalog, const SweepSpec& spec) {
  SimulatedFault fault;
  fault.kind = node.at("kind").name_among(texts_of(kSimulatedFaults), "fault");
  std::vector<std::string> keys = {"kind", "probability", "when"};
  if (fault.kind != "incorrect") keys.emplace_back("round");
  if (fault.kind == "crash" || fault.kind == "hang" || fault.kind == "sticky_error") {
    keys.emplace_back("phase");
  }
  if (fault.kind == "out_of_memory") keys.emplace_back("above");
  if (fault.kind == "drift") keys.emplace_back("percent_per_step");
  if (fault.kind == "garbage") keys.emplace_back("form");
  node.only_keys(keys);
  read_number(node, "probability", 0, 1, fault.probability);
  if (const auto when = node.find("when")) {
    fault.when = read_condition(*when, catalog, spec);
    if (fault.kind == "incorrect") require_combination(*when);
  }
  if (const auto round = node.find("round")) fault.round = round->integer(0, kMaxRounds - 1);
  if (const auto phase = node.find("phase")) {
    fault.phase = phase->name_among({"setup", "forward", "backward", "optimizer"}, "phase");
  }
  if (const auto above = node.find("above")) fault.above_bytes = above->bytes(0);
  if (fault.kind == "drift") {
    fault.percent_per_step = read_number(node.at("percent_per_step"), 0, kMostPercent);
  }
  if (const auto form = node.find("form")) {
    fault.form = form->name_among(texts_of(kGarbageForms), "form of garbage");
  }
  return fault;
}

/// Changes of `device`; what the node does not have stays as it is.
void read_device_keys(const SpecNode& node, const Catalog& catalog, const SweepSpec& spec,
                      SimulatedDevice& device) {
  if (const auto implementations = node.find("implementations")) {
    read_implementations(*implementations, spec, device);
  }
  if (const auto flags = node.find("flags")) read_flags(*flags, catalog, device);
  if (const auto noise = node.find("noise")) {
    noise->only_keys({"round", "step"});
    read_number(*noise, "round", 0, kMostSigma, device.noise.round);
    read_number(*noise, "step", 0, kMostSigma, device.noise.step);
  }
  read_number(node, "drift_percent", -99, kMostPercent, device.drift_percent);
  if (const auto faults = node.find("faults")) {
    device.faults.clear();
    if (faults->json() == SpecJson::array()) return;
    for (const SpecNode& fault : faults->elements()) {
      device.faults.push_back(read_fault(fault, catalog, spec));
    }
  }
}

}  // namespace

void read_simulated(const SpecNode& node, const Catalog& catalog, SweepSpec& spec) {
  const std::vector<std::string> sides = {"implementations", "flags", "noise", "drift_percent",
                                          "faults"};
  std::vector<std::string> keys = sides;
  keys.insert(keys.end(), {"real_time", "after"});
  node.only_keys(keys);
  SimulatedDevice device;
  if (const auto real_time = node.find("real_time")) device.real_time = real_time->boolean();
  read_device_keys(node, catalog, spec, device);
  const SpecNode implementations = node.at("implementations");
  for (const std::string& name : spec.implementations) {
    if (!spec.workers.contains(name)) implementations.at(name);  // an error where it is missing
  }
  spec.device.simulated = device;
  device.stream = 1;
  if (const auto after = node.find("after")) {
    after->only_keys(sides);
    read_device_keys(*after, catalog, spec, device);
  }
  spec.device_after = spec.device;
  spec.device_after->simulated = device;
}

}  // namespace harness
