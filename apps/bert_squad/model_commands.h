#pragma once

#include <CLI/CLI.hpp>

namespace apps {

/// Adds the commands that run a model, where this build has LibTorch.
void add_model_commands(CLI::App& program);

/// Where this is not the first of the processes that train together, gives that one a second: an
/// error that all have is said by the first, which then ends all.
void let_first_process_speak();

/// Ends the processes that train together with this one, which fails with `status`: they would wait
/// for it. Returns where there are none.
void end_other_processes(int status);

}  // namespace apps
