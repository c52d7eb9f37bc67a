#pragma once

#include <chrono>
#include <filesystem>

#include "harness/protocol/run_origin.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// What a run of `spec` that starts here and now comes from: the sweep file, its data and memory
/// limit, with `choices` (what other options chose of it); this machine; the worker program.
/// Throws UsageError where a file of them cannot be read.
RunOrigin origin_here(const SweepSpec& spec, const Facts& choices,
                      const std::filesystem::path& worker,
                      std::chrono::system_clock::time_point now);

}  // namespace harness
