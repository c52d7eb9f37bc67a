#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep doctor`: what on this machine would disturb a measurement.
/// Returns the exit status; see run_command_line() for what it throws.
int doctor_command(const Arguments& arguments, const Context& context);

}  // namespace harness
