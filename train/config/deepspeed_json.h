#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "train/config/batch_sizes.h"
#include "train/config/engine_config.h"

namespace train {

/// Parse a DeepSpeed configuration (docs/deepspeed_config.md) for `processes` that train together;
/// `file` is what errors call it. `kernel_flags` are the flags that "transformer_kernel" may name,
/// `batches` those that come before the file's.
/// Throws json::Error where it is not JSON, has keys that are not supported (all are named), or a
/// value that cannot be used; std::invalid_argument where `processes` is not in [1, 1000000].
EngineConfig parse_deepspeed_config(std::string_view text, const std::string& file,
                                    int64_t processes,
                                    std::span<const std::string_view> kernel_flags,
                                    const BatchOverrides& batches = {});

/// The same of a file. Throws files::FileError where it cannot be read.
EngineConfig read_deepspeed_config(const std::filesystem::path& file, int64_t processes,
                                   std::span<const std::string_view> kernel_flags,
                                   const BatchOverrides& batches = {});

}  // namespace train
