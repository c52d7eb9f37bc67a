#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep tune SPEC`: finds the implementation, micro-batch and flags with the most samples a
/// second. Returns the exit status. Throws UsageError, SpecError and HarnessError.
int tune_command(const Arguments& arguments, const Context& context);

}  // namespace harness
