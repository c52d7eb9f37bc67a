#pragma once

#include <CLI/CLI.hpp>

namespace apps {

/// Adds `features FILE --vocab_file V --out W.safetensors`: cuts the questions of FILE into
/// windows, writes them and prints how many, and how long it took. Running it throws SquadError,
/// files::FileError or checkpoint::SafetensorsError.
void add_features(CLI::App& program);

}  // namespace apps
