#pragma once

#include <filesystem>
#include <optional>

namespace machine {

/// Where this user's programs keep what they can make again (XDG Base Directory Specification):
/// bench_sweep's folder in $XDG_CACHE_HOME, or in ~/.cache where that is not set to an absolute
/// path. None where HOME is not set either. The folder need not exist yet.
std::optional<std::filesystem::path> cache_folder();

}  // namespace machine
