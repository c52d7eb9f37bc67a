#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/completion.h"

namespace harness {
namespace {

/// What completes a value: a list of words, sweep files for SPEC, else any file.
std::string action(const OptionWords& option) {
  if (!option.values.empty()) return fmt::format("({})", fmt::join(option.values, " "));
  return option.name == "SPEC" ? "_files -g \"*.json\"" : "_files";
}

/// An argument of zsh's _arguments.
std::string argument(const OptionWords& option) {
  if (option.is_argument()) return fmt::format("'*:{}:{}'", option.name, action(option));
  if (!option.takes_value) return fmt::format("'{}'", option.name);
  return fmt::format("'{}:value:{}'", option.name, action(option));
}

/// Within single quotes; a colon would end the word that _describe shows.
std::string quoted(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else if (c == ':') {
      result += "\\:";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

std::string zsh_completion(const std::vector<CommandWords>& commands) {
  std::string described;
  std::string cases;
  for (const auto& command : commands) {
    described += fmt::format("    '{}:{}'\n", command.name, quoted(command.summary));
    std::string arguments = "'--help'";
    for (const auto& option : command.options) arguments += " \\\n        " + argument(option);
    cases += fmt::format("    {})\n      _arguments {} ;;\n", command.name, arguments);
  }
  return fmt::format(R"(#compdef bench_sweep
# zsh completion of bench_sweep, as `bench_sweep completion zsh` prints it.
_bench_sweep() {{
  local command=run
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files -g "*.json"
    return
  fi
  if (( ${{commands[(I)${{words[2]}}:*]}} )); then
    command=${{words[2]}}
    shift words
    (( CURRENT-- ))
  fi
  case $command in
{}  esac
}}
_bench_sweep "$@"
)",
                     described, cases);
}

}  // namespace harness
