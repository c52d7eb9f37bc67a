#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep list`: the cells of a sweep, one a line.
/// Returns the exit status; see run_command_line() for what it throws.
int list_command(const Arguments& arguments, const Context& context);

}  // namespace harness
