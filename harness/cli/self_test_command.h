#pragma once

#include "harness/cli/context.h"

namespace harness {

/// `bench_sweep selftest`: how often the gate would fail a build that is no worse than before.
/// Returns the exit status; see run_command_line() for what it throws.
int self_test_command(const Arguments& arguments, const Context& context);

}  // namespace harness
