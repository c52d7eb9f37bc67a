#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/completion.h"

namespace harness {
namespace {

constexpr const char* kHead =
    R"(# bash completion of bench_sweep, as `bench_sweep completion bash` prints it.
_bench_sweep() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command=${COMP_WORDS[1]} commands='%COMMANDS%'
  [[ " $commands " == *" $command "* ]] || command=run
  local options= arguments= values=
  case $command:$before in
%VALUES%  esac
  case $command in
%OPTIONS%  esac
  COMPREPLY=()
  if [ -n "$values" ]; then
    [ "$values" = '*' ] || { COMPREPLY=($(compgen -W "$values" -- "$word")); return; }
    arguments=FILE
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options --help" -- "$word"))
    return
  elif [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "$commands --help --man --version" -- "$word"))
  fi
  local IFS=$'\n'
  case $arguments in
    SPEC) COMPREPLY+=($(compgen -f -X '!*.json' -- "$word") $(compgen -d -- "$word")) ;;
    *[!A-Z_\ ]*) COMPREPLY+=($(IFS=' ' compgen -W "$arguments" -- "$word")) ;;
    ?*) COMPREPLY+=($(compgen -f -- "$word")) ;;
  esac
  compopt -o filenames 2>/dev/null
}
complete -F _bench_sweep bench_sweep
)";

void replace(std::string& text, std::string_view mark, const std::string& with) {
  text.replace(text.find(mark), mark.size(), with);
}

}  // namespace

std::string bash_completion(const std::vector<CommandWords>& commands) {
  std::vector<std::string> names;
  std::string values;
  std::string options;
  for (const auto& command : commands) {
    names.push_back(command.name);
    std::vector<std::string> dashed;
    std::string arguments;
    for (const auto& option : command.options) {
      if (option.is_argument()) {
        // What may only be one of several words is completed with them, else by its placeholder.
        arguments =
            option.values.empty() ? option.name : fmt::format("{}", fmt::join(option.values, " "));
        continue;
      }
      dashed.push_back(option.name);
      if (!option.takes_value) continue;
      values += fmt::format(
          "    {}:{}) values='{}' ;;\n", command.name, option.name,
          option.values.empty() ? "*" : fmt::format("{}", fmt::join(option.values, " ")));
    }
    options += fmt::format("    {}) options='{}' arguments='{}' ;;\n", command.name,
                           fmt::join(dashed, " "), arguments);
  }
  std::string script = kHead;
  replace(script, "%COMMANDS%", fmt::format("{}", fmt::join(names, " ")));
  replace(script, "%VALUES%", values);
  replace(script, "%OPTIONS%", options);
  return script;
}

}  // namespace harness
