#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep compare`: what differs between two runs, cell by cell.
/// Returns the exit status; see run_command_line() for what it throws.
int compare_command(const Arguments& arguments, const Context& context);

}  // namespace harness
