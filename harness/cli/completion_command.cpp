#include "harness/cli/completion_command.h"

#include <sstream>

#include "harness/cli/command_line.h"
#include "harness/cli/completion.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/manual.h"
#include "harness/cli/options.h"

namespace harness {
namespace {

/// What follows the name in the first entry of a manual page: "NAME\n    bench_sweep run - ...".
std::string summary_of(const std::string& command) {
  const auto page = manual_page("bench_sweep " + command);
  const auto begin = page.find(" - ");
  return page.substr(begin + 3, page.find('\n', begin) - begin - 3);
}

std::vector<CommandWords> describe_commands(const Context& context) {
  std::vector<CommandWords> described;
  for (const auto& [name, function] : commands()) {
    std::ostringstream words;
    function({kListOptions}, {context.catalog, context.reporter, words, context.error});
    described.push_back({name, summary_of(name), parse_option_words(words.str())});
  }
  return described;
}

}  // namespace

int completion_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep completion");
  std::string shell;
  options.app().add_option("SHELL", shell)->required()->check(CLI::IsMember({"bash", "zsh"}));
  if (!options.parse(arguments, context.out)) return kExitDone;
  const auto commands = describe_commands(context);
  context.out << (shell == "bash" ? bash_completion(commands) : zsh_completion(commands));
  return kExitDone;
}

}  // namespace harness
