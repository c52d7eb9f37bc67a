#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep cell`: one round of one cell; prints its record.
/// Returns the exit status; see run_command_line() for what it throws.
int cell_command(const Arguments& arguments, const Context& context);

}  // namespace harness
