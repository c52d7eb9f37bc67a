#pragma once

#include <string>
#include <vector>

#include "harness/cli/option_words.h"

namespace harness {

/// A command as a completion script needs it.
struct CommandWords {
  std::string name;     ///< "run"
  std::string summary;  ///< a few words on what it does
  std::vector<OptionWords> options;
};

/// Completion scripts of bench_sweep: commands, the options of each, what they may be, sweep files
/// (*.json) where a command takes SPEC, and any file elsewhere. A command line that begins with no
/// command is one of `run`.
std::string bash_completion(const std::vector<CommandWords>& commands);
std::string zsh_completion(const std::vector<CommandWords>& commands);

}  // namespace harness
