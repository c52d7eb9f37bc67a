#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "machine/finding.h"

namespace machine {

/// What gpu_findings() asks nvidia-smi for, as its arguments.
inline constexpr const char* kSmiQuery =
    "--query-gpu=index,name,utilization.gpu,memory.used,persistence_mode";
inline constexpr const char* kSmiFormat = "--format=csv,noheader,nounits";

/// Whether NVIDIA's driver is loaded and new enough for the worker's CUDA runtime, and whether the
/// GPUs are free. `toolkit`: the major version of that runtime, none where the worker has none;
/// `smi`: what nvidia-smi said to the query above, none where it did not run. `root` stands in for
/// / in tests.
Findings gpu_findings(std::optional<int> toolkit, const std::optional<std::string>& smi,
                      const std::filesystem::path& root = "/");

}  // namespace machine
