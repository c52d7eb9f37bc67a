#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace harness {

/// Bytes that this machine can still give to a new process without swapping: the kernel's
/// MemAvailable, or less where the control group (version 2, as a container sees it) leaves less.
/// None where the kernel does not say. `root` stands in for / in tests.
std::optional<int64_t> available_memory_bytes(const std::filesystem::path& root = "/");

}  // namespace harness
