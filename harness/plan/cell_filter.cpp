#include "harness/plan/cell_filter.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/plan/cell_groups.h"
#include "harness/plan/launch_order.h"
#include "harness/spec/axis_texts.h"
#include "harness/spec/baseline.h"
#include "harness/spec/flag_sets.h"
#include "harness/spec/nearest_name.h"

namespace harness {
namespace {

/// As the column of memory.csv.
constexpr const char* kPlannedPeak = "planned_peak_bytes";

[[noreturn]] void fail(const std::string& why) {
  throw SpecError("--filter: " + why);
}

/// "gelu_checkpoint+normalize_invertible" as cells have it, whatever the order.
std::string flags_in_order(const std::string& text, const Catalog& catalog) {
  if (text == join_flags({})) return text;
  std::vector<std::string> known;
  for (const FlagEntry& flag : catalog.flags) known.push_back(flag.name);
  FlagSet flags;
  std::istringstream parts(text);
  for (std::string name; std::getline(parts, name, '+');) {
    if (catalog.find_flag(name) == nullptr) {
      fail(
          fmt::format("no flag is named '{}'; {} (flags~{} keeps every set that contains the text)",
                      name, suggest(name, known), name));
    }
    flags.push_back(name);
  }
  return join_flags(in_catalog_order(catalog, flags));
}

/// Throws SpecError where the condition holds for none of its axis' values.
void check_condition(const std::string& text, const FilterCondition& condition,
                     const AxisTexts& texts) {
  if (condition.axis == kPlannedPeak) {
    if (!condition.number) {
      fail(fmt::format("'{}': {} is a number of bytes; write it as one, as in '{}<=2GiB'", text,
                       kPlannedPeak, kPlannedPeak));
    }
    return;
  }
  const auto axis = texts.find(condition.axis);
  if (axis == texts.end()) {
    auto names = axis_names(texts);
    names.emplace_back(kPlannedPeak);
    fail(fmt::format("the sweep has no axis '{}'; {}", condition.axis,
                     suggest(condition.axis, names)));
  }
  const auto& values = axis->second;
  if (std::none_of(values.begin(), values.end(),
                   [&](const std::string& value) { return condition.holds(value); })) {
    std::vector<std::string> distinct;
    for (const auto& value : values) {
      if (std::find(distinct.begin(), distinct.end(), value) == distinct.end()) {
        distinct.push_back(value);
      }
    }
    fail(fmt::format("'{}' holds for no cell; the values of {} are {}", text, condition.axis,
                     fmt::join(distinct, ", ")));
  }
}

FilterCondition read_condition(const std::string& text, const AxisTexts& texts,
                               const Catalog& catalog) {
  FilterCondition condition;
  try {
    condition = parse_condition(text);
  } catch (const std::invalid_argument& error) {
    fail(error.what());
  }
  if (condition.axis == "flags" && condition.relation != Relation::kContains) {
    condition.value = flags_in_order(condition.value, catalog);
  }
  check_condition(text, condition, texts);
  return condition;
}

/// Whether the reports compare `cell` with `other`, both of one comparison group.
bool is_compared_with(const Cell& cell, const Cell& other, const SweepSpec& spec) {
  if (cell == other) return false;
  if (cell.optimizer != other.optimizer) {
    return other.optimizer == spec.optimizers.front() &&
           other.implementation == cell.implementation && other.flags == cell.flags;
  }
  return other.flags.empty() && (other.implementation == cell.implementation ||
                                 may_be_baseline(other.implementation, spec.baseline));
}

}  // namespace

CellFilter::CellFilter(const std::string& text, const SweepSpec& spec, const Catalog& catalog)
    : text_(text) {
  const AxisTexts texts = axis_texts(spec, catalog);
  std::size_t begin = 0;
  for (std::size_t end = 0; end != text.npos; begin = end + 1) {
    end = text.find(',', begin);
    conditions_.push_back(read_condition(text.substr(begin, end - begin), texts, catalog));
  }
}

bool CellFilter::keeps(const ScheduledCell& scheduled) const {
  return std::all_of(conditions_.begin(), conditions_.end(), [&](const FilterCondition& condition) {
    if (condition.axis != kPlannedPeak) {
      return condition.holds(scheduled.cell.axis_text(condition.axis));
    }
    const auto& footprint = scheduled.plan.footprint;
    return footprint && condition.holds(std::to_string(footprint->peak_bytes));
  });
}

FilteredSchedule filter_schedule(const CellFilter& filter, const SweepSpec& spec,
                                 const Schedule& whole) {
  FilteredSchedule result;
  std::map<std::string, std::vector<const Cell*>> left_out;
  for (const ScheduledCell& scheduled : whole.cells) {
    if (filter.keeps(scheduled)) {
      result.schedule.cells.push_back(scheduled);
    } else {
      left_out[comparison_key(scheduled.cell)].push_back(&scheduled.cell);
      ++result.left_out;
    }
  }
  for (const ScheduledCell& kept : result.schedule.cells) {
    const auto& others = left_out[comparison_key(kept.cell)];
    result.unpaired += std::any_of(others.begin(), others.end(), [&](const Cell* other) {
      return is_compared_with(kept.cell, *other, spec);
    });
  }
  result.schedule.launches = order_launches(result.schedule.cells);
  return result;
}

}  // namespace harness
