#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep report`: the reports of a run directory, written again from its records.
/// Returns the exit status; see run_command_line() for what it throws.
int report_command(const Arguments& arguments, const Context& context);

}  // namespace harness
