#pragma once

#include <CLI/CLI.hpp>

namespace apps {

/// Adds the commands that run a model, where this build has LibTorch.
void add_model_commands(CLI::App& program);

/// Ends the processes that train together with this one, which fails with `status`: they would wait
/// for it. Returns where there are none.
void end_other_processes(int status);

}  // namespace apps
