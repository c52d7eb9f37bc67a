#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep gate`: whether a build is worse than before, for CI.
/// Returns the exit status; see run_command_line() for what it throws.
int gate_command(const Arguments& arguments, const Context& context);

}  // namespace harness
