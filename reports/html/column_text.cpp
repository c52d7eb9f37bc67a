#include "reports/html/column_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "reports/words.h"

namespace reports {
namespace {

std::string one_decimal(double value) {
  return fmt::format("{:.1f}", value);
}

/// Of the columns whose names end so: what the title says instead, and how a number is shown.
struct Unit {
  std::string_view suffix;
  std::string_view title;
  std::string (*text)(double);
};

constexpr std::array<Unit, 9> kUnits = {{
    {"memory_limit_bytes", "memory limit",
     [](double value) { return limit_text(std::llround(value)); }},
    {"_samples_per_second", " samples/s", [](double value) { return rate_text(value); }},
    {"_bytes", " MiB", [](double value) { return mib_text(std::llround(value)); }},
    {"bytes", "MiB", [](double value) { return mib_text(std::llround(value)); }},
    {"_percent", " %", one_decimal},
    {"_share", " share %", [](double value) { return one_decimal(100 * value); }},
    {"_seconds", " ms", [](double value) { return fmt::format("{:.2f}", 1e3 * value); }},
    {"flops", "GFLOP", [](double value) { return fmt::format("{:.3f}", 1e-9 * value); }},
    {"speedup", "×", [](double value) { return ratio_text(value); }},
}};

const Unit* unit_of(std::string_view column) {
  // The ends of an interval are in the unit of what they enclose.
  for (const std::string_view end : {"_low", "_high"}) {
    if (column.ends_with(end)) column.remove_suffix(end.size());
  }
  const auto found = std::find_if(kUnits.begin(), kUnits.end(),
                                  [&](const Unit& unit) { return column.ends_with(unit.suffix); });
  return found == kUnits.end() ? nullptr : &*found;
}

std::optional<double> number_of(const std::string& field) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  const bool whole = error == std::errc{} && end == field.data() + field.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string column_title(const std::string& column) {
  std::string title = column;
  if (const Unit* unit = unit_of(column)) {
    title.replace(title.find(unit->suffix), unit->suffix.size(), unit->title);
  }
  const std::size_t hyphen = title.find("micro_batch");
  std::replace(title.begin(), title.end(), '_', ' ');
  if (hyphen != std::string::npos) title[hyphen + 5] = '-';
  return title;
}

std::string field_text(const std::string& column, const std::string& field) {
  if (field == "out_of_memory") return "OOM";
  const Unit* unit = unit_of(column);
  const std::optional<double> value = unit == nullptr ? std::nullopt : number_of(field);
  return value ? unit->text(*value) : field;
}

bool is_number(const std::string& field) {
  return number_of(field).has_value();
}

}  // namespace reports
