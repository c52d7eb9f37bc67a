#include "reports/markdown_run.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/count_text.h"
#include "reports/markdown_table.h"
#include "reports/words.h"

namespace reports {

using Align = MarkdownTable::Align;
using harness::CellSummary;
using harness::count_text;

static constexpr std::size_t kReasonsShown = 10;
static constexpr std::size_t kMemoryRowsShown = 200;
static constexpr std::size_t kValuesShown = 3;

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

static std::string cell_lines(const std::vector<harness::PlannedCell>& plans) {
  const harness::Cell& cell = plans.front().cell;
  const harness::Measure& measure = cell.measure;
  std::string text = fmt::format(
      "Model {}: {}, hidden {}, {}, intermediate {}, layer norm {}, GELU {}, dropout {} "
      "(attention) and {} (hidden). Global batch {}. {}, each a fresh process of {} warm-up and "
      "{}.",
      cell.model.preset, count_text(cell.model.layers, "layer"), cell.model.hidden,
      count_text(cell.model.heads, "head"), cell.model.intermediate, cell.model.layer_norm,
      cell.model.gelu, cell.model.attention_dropout, cell.model.hidden_dropout,
      global_batch_text(plans), count_text(measure.rounds, "round"), measure.warmup_steps,
      count_text(measure.steps, "timed step"));
  return markdown_text(text) + "\n\n";
}

std::string heading_section(const harness::RunInfo& info) {
  std::string text = "# " + markdown_text(info.name) + "\n\n";
  text += "Device " + markdown_text(info.device.kind);
  if (const std::optional<int64_t> limit = harness::device_limit(info)) {
    text += fmt::format(", memory limit {}", limit_text(*limit));
  }
  text += ". Baseline " + markdown_text(info.baseline) + ".\n\n";
  if (!info.device.available) {
    text += fmt::format("**No {} device was found: {}.** Memory is planned, times are empty.\n\n",
                        markdown_text(info.device.name()), markdown_text(info.device.reason));
  }
  // Axes over the model change some of these from cell to cell; they have columns of their own.
  return info.plans.empty() ? text : text + cell_lines(info.plans);
}

/// "exact", or by how much the measured peak without library scratch exceeds the planned one.
static std::string difference_text(const CellSummary& cell) {
  if (!cell.planned || !cell.measured || cell.planned->peak_bytes == 0) return "";
  const int64_t difference =
      cell.measured->peak_bytes - cell.measured->library_scratch_bytes - cell.planned->peak_bytes;
  if (difference == 0) return "exact";
  return fmt::format("{:+.2f} %", 100 * static_cast<double>(difference) /
                                      static_cast<double>(cell.planned->peak_bytes));
}

std::string memory_section(const harness::RunAnalysis& analysis) {
  std::vector<MarkdownTable::Column> columns;
  for (const std::string& axis : analysis.axes)
    columns.push_back({markdown_text(axis), Align::kLeft});
  columns.insert(columns.end(), {{"implementation", Align::kLeft},
                                 {"flags", Align::kLeft},
                                 {"micro-batch"},
                                 {"planned MiB"},
                                 {"measured MiB"},
                                 {"library scratch MiB"},
                                 {"difference"},
                                 {"status", Align::kLeft}});
  MarkdownTable table(columns);
  std::size_t rows = 0;
  for (const harness::CellGroup& group : analysis.groups) {
    for (const CellSummary& cell : group.cells) {
      if (++rows > kMemoryRowsShown) continue;
      std::vector<std::string> cells = group.axes;
      cells.insert(
          cells.end(),
          {cell.cell.implementation, cell.cell.flags_text(), std::to_string(cell.cell.micro_batch),
           cell.planned ? mib_text(cell.planned->peak_bytes) : "",
           cell.measured ? mib_text(cell.measured->peak_bytes) : "",
           cell.measured ? mib_text(cell.measured->library_scratch_bytes) : "",
           difference_text(cell), status_text(cell.status)});
      table.add_row(cells);
    }
  }
  std::string text = "## Peak memory, planned and measured\n\n" + table.text();
  if (rows > kMemoryRowsShown) {
    text += fmt::format("{} more cells are in `memory.csv`.\n\n", rows - kMemoryRowsShown);
  }
  return text +
         "The difference is of the measured peak, without what libraries took for themselves, from "
         "the planned one. Bytes by category are in `memory.csv`.\n\n";
}

std::string status_section(const harness::RunAnalysis& analysis) {
  if (analysis.statuses.empty()) return "## Records\n\nNone.\n\n";
  MarkdownTable table({{"status", Align::kLeft}, {"records"}, {"reason", Align::kLeft}});
  for (const harness::StatusCount& count : analysis.statuses) {
    const std::string status(to_string(count.status));
    if (count.reasons.size() == 1) {
      table.add_row({status, std::to_string(count.records), count.reasons[0].reason});
      continue;
    }
    table.add_row({status, std::to_string(count.records), ""});
    const std::size_t shown = std::min(kReasonsShown, count.reasons.size());
    for (std::size_t i = 0; i < shown; ++i) {
      table.add_row({"", std::to_string(count.reasons[i].records), count.reasons[i].reason});
    }
    if (shown < count.reasons.size()) {
      table.add_row({"", "", count_text(count.reasons.size() - shown, "other reason")});
    }
  }
  return "## Records\n\nOnly passed records, of cells that passed as a whole, enter the tables "
         "above.\n\n" +
         table.text();
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

std::string environment_section(const std::vector<harness::Record>& records) {
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
  if (values.empty()) return "";
  MarkdownTable table({{"environment", Align::kLeft}, {"value", Align::kLeft}});
  for (const auto& [name, value] : values) table.add_row({name, values_text(value)});
  return "## Environment\n\n" + table.text();
}

}  // namespace reports
