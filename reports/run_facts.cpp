#include "reports/run_facts.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/analysis/fit_table.h"
#include "harness/count_text.h"
#include "reports/words.h"

namespace reports {

using harness::count_text;

static constexpr std::size_t kValuesShown = 3;

std::string gpu_text(const harness::RunAnalysis& analysis) {
  if (analysis.gpus.empty()) return "";
  return fmt::format(" Times are of {}.",
                     one_line(fmt::format("{}", fmt::join(analysis.gpus, " and "))));
}

std::string device_text(const harness::RunInfo& info, const harness::RunAnalysis& analysis) {
  std::string text = "Device " + info.device.kind;
  if (const std::optional<int64_t> limit = harness::device_limit(info)) {
    text += ", memory limit " + limit_text(*limit);
  }
  return text + ". Baseline " + info.baseline + "." + gpu_text(analysis);
}

std::string absent_device_text(const harness::DeviceStatus& device) {
  return fmt::format("No {} device was found: {}.", device.name(), device.reason);
}

/// The default global batch follows the micro-batch, so cells may differ in it.
static std::string global_batch_text(const std::vector<harness::PlannedCell>& plans) {
  const auto [least, most] = std::minmax_element(
      plans.begin(), plans.end(), [](const harness::PlannedCell& a, const harness::PlannedCell& b) {
        return a.cell.global_batch < b.cell.global_batch;
      });
  if (least->cell.global_batch == most->cell.global_batch) {
    return std::to_string(least->cell.global_batch);
  }
  const bool one_micro_batch =
      std::all_of(plans.begin(), plans.end(), [](const harness::PlannedCell& planned) {
        return planned.cell.global_batch == planned.cell.micro_batch;
      });
  return one_micro_batch
             ? "equal to the micro-batch"
             : fmt::format("{} to {}", least->cell.global_batch, most->cell.global_batch);
}

std::string setup_text(const std::vector<harness::PlannedCell>& plans) {
  const harness::Cell& cell = plans.front().cell;
  const harness::Measure& measure = cell.measure;
  return fmt::format(
      "Model {}: {}, hidden {}, {}, intermediate {}, layer norm {}, GELU {}, dropout {} "
      "(attention) and {} (hidden). Global batch {}. {}, each a fresh process of {} warm-up and "
      "{}.{}",
      cell.model.preset, count_text(cell.model.layers, "layer"), cell.model.hidden,
      count_text(cell.model.heads, "head"), cell.model.intermediate, cell.model.layer_norm,
      cell.model.gelu, cell.model.attention_dropout, cell.model.hidden_dropout,
      global_batch_text(plans), count_text(measure.rounds, "round"), measure.warmup_steps,
      count_text(measure.steps, "timed step"),
      measure.cuda_graph ? " Forward and backward are played from a CUDA graph." : "");
}

/// What records say of one thing.
struct Value {
  std::set<std::string> texts;
  std::set<double> numbers;  ///< those of `texts` that are one
};
/// By name, "a.b" for a value inside an object.
using Values = std::map<std::string, Value>;

static void collect(const nlohmann::json& json, const std::string& name, Values& values) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      collect(value, name.empty() ? key : name + "." + key, values);
    }
  } else if (!json.is_null()) {
    Value& value = values[name];
    value.texts.insert(json.is_string() ? json.get<std::string>() : json.dump());
    if (json.is_number()) value.numbers.insert(json.get<double>());
  }
}

static std::string number_text(double number) {
  return number == std::floor(number) ? fmt::format("{:.0f}", number)
                                      : fmt::format("{:.4g}", number);
}

/// All values where they are few, else the range of numbers, or some of the texts.
static std::string values_text(const Value& value) {
  const std::set<std::string>& values = value.texts;
  if (values.size() > kValuesShown && value.numbers.size() == values.size()) {
    return fmt::format("{} to {}", number_text(*value.numbers.begin()),
                       number_text(*value.numbers.rbegin()));
  }
  const std::size_t shown = std::min(kValuesShown, values.size());
  std::string text = fmt::format(
      "{}", fmt::join(values.begin(), std::next(values.begin(), static_cast<std::ptrdiff_t>(shown)),
                      "; "));
  if (shown < values.size()) text += fmt::format("; and {} more", values.size() - shown);
  return text;
}

std::vector<EnvironmentValue> environment_values(const std::vector<harness::Record>& records) {
  Values values;
  const harness::Record* previous = nullptr;
  for (const harness::Record& record : records) {
    // Most records say what the one before said.
    if (previous == nullptr || record.environment != previous->environment) {
      collect(record.environment, "", values);
    }
    if (previous == nullptr || record.build != previous->build) {
      collect(record.build, "build", values);
    }
    previous = &record;
  }
  std::vector<EnvironmentValue> texts;
  for (const auto& [name, value] : values) texts.push_back({name, values_text(value)});
  return texts;
}

}  // namespace reports
