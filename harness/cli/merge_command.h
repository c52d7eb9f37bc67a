#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep merge`: several runs of one sweep as one run directory with its reports.
/// Returns the exit status; see run_command_line() for what it throws.
int merge_command(const Arguments& arguments, const Context& context);

}  // namespace harness
