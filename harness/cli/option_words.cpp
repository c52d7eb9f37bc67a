#include "harness/cli/option_words.h"

#include <sstream>

namespace harness {
namespace {

constexpr const char* kValue = "value";
constexpr const char* kFlag = "flag";

/// "a\tb" of the type name "TEXT:{a,b}", which CLI11 gives an option that is one of several.
std::string member_columns(const std::string& type_name) {
  const auto open = type_name.find('{');
  const auto close = type_name.find('}', open);
  if (open == type_name.npos || close == type_name.npos) return "";
  std::string columns;
  std::istringstream members(type_name.substr(open + 1, close - open - 1));
  for (std::string member; std::getline(members, member, ',');) columns += "\t" + member;
  return columns;
}

}  // namespace

std::string option_words(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    const bool takes_value = option->get_items_expected_max() > 0;
    const auto line = std::string("\t") + (takes_value ? kValue : kFlag) +
                      member_columns(option->get_type_name()) + "\n";
    for (const auto& name : option->get_lnames()) text += "--" + name + line;
    for (const auto& name : option->get_snames()) text += "-" + name + line;
    if (option->get_positional()) text += option->get_name(true, false) + line;
  }
  return text;
}

std::vector<OptionWords> parse_option_words(std::string_view text) {
  std::vector<OptionWords> options;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream columns(line);
    OptionWords option;
    std::string kind;
    std::getline(columns, option.name, '\t');
    std::getline(columns, kind, '\t');
    option.takes_value = kind == kValue;
    for (std::string value; std::getline(columns, value, '\t');) option.values.push_back(value);
    options.push_back(std::move(option));
  }
  return options;
}

}  // namespace harness
