#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace harness {

/// One option or argument of a command, as a completion script needs it.
struct OptionWords {
  std::string name;  ///< "--out"; of an argument without dashes its placeholder: "SPEC"
  bool takes_value = false;
  std::vector<std::string> values;  ///< all that the value may be; empty: anything

  bool is_argument() const { return !name.starts_with('-'); }
};

/// The options and arguments that CLI11 knows of `app`, a line each: the name, what it takes
/// ("value" or "flag"), and the values that it may have, separated by tabs.
std::string option_words(const CLI::App& app);

/// The same read back.
std::vector<OptionWords> parse_option_words(std::string_view text);

}  // namespace harness
