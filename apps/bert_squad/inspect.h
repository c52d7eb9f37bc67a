#pragma once

#include <CLI/CLI.hpp>

namespace apps {

/// Adds `inspect CHECKPOINT [--check]`: prints format, size and every tensor's dtype, shape and
/// name of a checkpoint of any format that is read. Throws checkpoint::CheckpointError.
void add_inspect(CLI::App& program);

}  // namespace apps
