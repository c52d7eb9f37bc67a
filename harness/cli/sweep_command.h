#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep run`: the whole flow, from a sweep file to its reports.
/// Returns the exit status; see run_command_line() for what it throws.
int sweep_command(const Arguments& arguments, const Context& context);

}  // namespace harness
