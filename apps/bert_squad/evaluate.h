#pragma once

#include <CLI/CLI.hpp>

namespace apps {

/// Adds `evaluate DATA PREDICTIONS`: prints exact match and F1 on one line of JSON, and on standard
/// error what evaluate-v1.1 and a reader should know besides. Running it throws SquadError or
/// files::FileError.
void add_evaluate(CLI::App& program);

}  // namespace apps
