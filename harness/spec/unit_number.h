#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace harness {

/// A unit's name and how many base units it is.
using Unit = std::pair<std::string_view, double>;

/// `text` as base units: digits with an optional decimal fraction, optional blanks, a unit.
/// Negative where the text is anything else.
template <std::size_t N>
double parse_with_unit(std::string_view text, const std::array<Unit, N>& units);

/// The digits at the start of `text`, cut off it; negative where there are none.
double take_decimal(std::string_view& text);

template <std::size_t N>
double parse_with_unit(std::string_view text, const std::array<Unit, N>& units) {
  const double number = take_decimal(text);
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  for (const auto& [name, factor] : units) {
    if (text == name) {
      return number * factor;
    }
  }
  return -1;
}

}  // namespace harness
