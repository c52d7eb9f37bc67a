#pragma once

#include "harness/cli/context.h"

namespace harness {

/// Runs the command that `arguments` (without the program's name) ask for and returns the exit
/// status. Every failure is one line on context.error.
int run_command_line(const Arguments& arguments, const Context& context);

}  // namespace harness
