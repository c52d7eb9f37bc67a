#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace harness {

/// "1 cell", "2 cells": `noun` is the singular, which takes `ending` where there is not one.
inline std::string count_text(std::integral auto count, std::string_view noun,
                              std::string_view ending = "s") {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : ending);
}

}  // namespace harness
