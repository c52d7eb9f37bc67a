#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace machine {

/// Bytes that this machine can still give to this process or to one that it starts without
/// swapping: the kernel's MemAvailable, or less where this process's control group or one above it
/// leaves less. Pages of files that nobody has used lately count as free. None where the kernel
/// does not say. Costs a few small file reads. `root` stands in for / in tests.
std::optional<int64_t> available_memory_bytes(const std::filesystem::path& root = "/");

}  // namespace machine
