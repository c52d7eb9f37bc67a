#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace harness {

/// How a condition of a filter holds a value against its own.
enum class Relation { kEqual, kNotEqual, kLess, kAtMost, kGreater, kAtLeast, kContains };

/// "AXIS OPERATOR VALUE" with one of the operators = != < <= > >= ~; ~ is "contains the text".
struct FilterCondition {
  std::string axis;
  Relation relation = Relation::kEqual;
  std::string value;
  std::optional<double> number;  ///< of `value`, where it is a number or a byte size

  /// Whether `text`, a value of the axis, stands in the relation to `value`: as numbers where both
  /// are numbers or byte sizes, else as texts. Texts are neither less nor greater.
  bool holds(const std::string& text) const;
  bool orders() const;  ///< < <= > >=
};

/// The condition that `text` spells, blanks around its parts taken off. Throws
/// std::invalid_argument, one line, where it spells none or orders by what is no number.
FilterCondition parse_condition(std::string_view text);

/// What "1e-12", "8" or "2 GiB" are as numbers; none for other texts.
std::optional<double> parse_quantity(std::string_view text);

}  // namespace harness
