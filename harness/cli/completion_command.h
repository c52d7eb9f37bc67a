#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep completion`: prints a completion script.
/// Returns the exit status; see run_command_line() for what it throws.
int completion_command(const Arguments& arguments, const Context& context);

}  // namespace harness
