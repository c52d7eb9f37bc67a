#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep plan`: memory of every cell and the flag-requirement table, nothing measured.
/// Returns the exit status; see run_command_line() for what it throws.
int plan_command(const Arguments& arguments, const Context& context);

}  // namespace harness
