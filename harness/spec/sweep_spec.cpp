#include "harness/spec/sweep_spec.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/spec/axes_spec.h"
#include "harness/spec/baseline.h"
#include "harness/spec/byte_size.h"
#include "harness/spec/data_spec.h"
#include "harness/spec/device_spec.h"
#include "harness/spec/exclude_spec.h"
#include "harness/spec/gate_spec.h"
#include "harness/spec/limits.h"
#include "harness/spec/measure_spec.h"
#include "harness/spec/model_spec.h"
#include "harness/spec/simulated_spec.h"
#include "harness/spec/spec_node.h"

namespace harness {
namespace {

/// The name becomes a folder of the run directory.
std::string read_name(const SpecNode& node) {
  constexpr std::size_t kLongestName = 64;
  const std::string name = node.text();
  const auto is_safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (name.empty() || name.size() > kLongestName || name.front() == '.' || name.front() == '-' ||
      !std::all_of(name.begin(), name.end(), is_safe)) {
    node.fail(fmt::format("{} cannot be the name of a folder", node.shown()),
              fmt::format("use 1 to {} of the characters A-Z a-z 0-9 _ . -, and no . or - at the "
                          "start",
                          kLongestName));
  }
  return name;
}

std::string read_baseline(const SpecNode& node, const std::vector<std::string>& implementations) {
  std::vector<std::string> known = implementations;
  known.emplace_back(kBestBaseline);
  const std::string baseline = node.name_among(known, "baseline");
  if (baseline == kBestBaseline &&
      std::none_of(implementations.begin(), implementations.end(),
                   [](const std::string& name) { return may_be_baseline(name, kBestBaseline); })) {
    node.fail("\"best\" is the fastest pytorch_* implementation, and the sweep has none",
              "name an implementation, or add one to /axes/implementation");
  }
  return baseline;
}

void check_cell_count(const SpecNode& root, const SweepSpec& spec, const Catalog& catalog) {
  if (count_candidates(spec, catalog) > kMaxCells) {
    root.fail_at("axes", fmt::format("the sweep has more than {} cells", kMaxCells),
                 "use fewer values");
  }
}

}  // namespace

SweepSpec read_spec(const std::filesystem::path& file, const Catalog& catalog) {
  const SpecJson document = read_json_file(file);
  const SpecNode root(file, document);
  root.only_keys({"name", "device", "model", "data", "axes", "global_batch", "exclude", "baseline",
                  "measure", "gate", "flag_table_limits", "published", "trace"});
  SweepSpec spec;
  spec.file = file;
  spec.name = read_name(root.at("name"));
  spec.device = read_device(root.at("device"));
  spec.models = read_models(root);
  read_axes(root, catalog, spec);
  if (spec.device.kind == kSimulatedKind) {
    read_simulated(root.at("device").at(kSimulatedKind), catalog, spec);
  }
  spec.data = read_data(root, spec);
  if (const auto global_batch = root.find("global_batch")) {
    spec.global_batch = global_batch->integer(1, kMaxGlobalBatch);
  }
  if (const auto baseline = root.find("baseline")) {
    spec.baseline = read_baseline(*baseline, spec.implementations);
  }
  if (const auto measure = root.find("measure")) {
    spec.measure = read_measure(*measure, spec.device);
  }
  if (const auto limits = root.find("flag_table_limits")) {
    spec.flag_table_limits = read_flag_table_limits(*limits, spec.device.reserved_bytes);
  }
  if (const auto published = root.find("published")) {
    spec.published = published->existing_file();
  }
  if (const auto trace = root.find("trace")) {
    spec.trace = trace->boolean();
  }
  check_cell_count(root, spec, catalog);
  if (const auto exclude = root.find("exclude")) {
    spec.exclude = read_exclude(*exclude, catalog, spec);
  }
  if (const auto gate = root.find("gate")) {
    spec.gate = read_gate(*gate, catalog, spec);
  }
  return spec;
}

void override_memory_limit(SweepSpec& spec, const std::string& size) {
  int64_t bytes = 0;
  try {
    bytes = parse_byte_size(size);
  } catch (const std::invalid_argument& error) {
    throw SpecError(fmt::format("--memory-limit: {}", error.what()));
  }
  if (bytes <= spec.device.reserved_bytes) {
    throw SpecError(
        fmt::format("--memory-limit: '{}' is not more than the {} bytes of "
                    "/device/reserved in {}; give a larger limit",
                    size, spec.device.reserved_bytes, spec.file.string()));
  }
  spec.device.memory_limit_bytes = bytes;
  if (spec.device_after) spec.device_after->memory_limit_bytes = bytes;
}

}  // namespace harness
