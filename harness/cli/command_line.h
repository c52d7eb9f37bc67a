#pragma once

#include <functional>
#include <map>
#include <string>

#include "harness/cli/context.h"

namespace harness {

using CommandFunction = std::function<int(const Arguments&, const Context&)>;

/// The commands by name.
const std::map<std::string, CommandFunction>& commands();

/// Runs the command that `arguments` (without the program's name) ask for and returns the exit
/// status. Every failure is one line on context.error.
int run_command_line(const Arguments& arguments, const Context& context);

}  // namespace harness
