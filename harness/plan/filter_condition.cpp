#include "harness/plan/filter_condition.h"

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/spec/byte_size.h"

namespace harness {
namespace {

/// Those of two characters come first, so that "<=" is not read as "<".
constexpr std::array<std::pair<std::string_view, Relation>, 7> kOperators = {{
    {"!=", Relation::kNotEqual},
    {"<=", Relation::kAtMost},
    {">=", Relation::kAtLeast},
    {"=", Relation::kEqual},
    {"<", Relation::kLess},
    {">", Relation::kGreater},
    {"~", Relation::kContains},
}};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == text.npos) return "";
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

[[noreturn]] void no_condition(std::string_view text) {
  throw std::invalid_argument(
      fmt::format("'{}' is no condition; write AXIS, one of = != < <= > >= ~, and a value, as in "
                  "'micro_batch>=8'",
                  text));
}

bool numbers_hold(double value, Relation relation, double bound) {
  switch (relation) {
    case Relation::kEqual:
      return value == bound;
    case Relation::kNotEqual:
      return value != bound;
    case Relation::kLess:
      return value < bound;
    case Relation::kAtMost:
      return value <= bound;
    case Relation::kGreater:
      return value > bound;
    case Relation::kAtLeast:
      return value >= bound;
    case Relation::kContains:
      break;
  }
  return false;
}

}  // namespace

bool FilterCondition::holds(const std::string& text) const {
  if (relation == Relation::kContains) return text.find(value) != std::string::npos;
  if (number) {
    if (const auto quantity = parse_quantity(text)) {
      return numbers_hold(*quantity, relation, *number);
    }
  }
  return relation == Relation::kEqual      ? text == value
         : relation == Relation::kNotEqual ? text != value
                                           : false;
}

bool FilterCondition::orders() const {
  return relation == Relation::kLess || relation == Relation::kAtMost ||
         relation == Relation::kGreater || relation == Relation::kAtLeast;
}

FilterCondition parse_condition(std::string_view text) {
  const auto place = text.find_first_of("!<>=~");
  if (place == text.npos) no_condition(text);
  for (const auto& [symbol, relation] : kOperators) {
    if (!text.substr(place).starts_with(symbol)) continue;
    const auto value = trimmed(text.substr(place + symbol.size()));
    FilterCondition condition{std::string(trimmed(text.substr(0, place))), relation,
                              std::string(value), parse_quantity(value)};
    if (condition.axis.empty() || value.empty()) no_condition(text);
    if (condition.orders() && !condition.number) {
      throw std::invalid_argument(fmt::format(
          "'{}': {} compares numbers and byte sizes, and '{}' is neither; use = != or ~",
          trimmed(text), symbol, value));
    }
    return condition;
  }
  no_condition(text);
}

std::optional<double> parse_quantity(std::string_view text) {
  double number = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc{} && read.ptr == end) return number;
  try {
    return static_cast<double>(parse_byte_size(text));
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

}  // namespace harness
