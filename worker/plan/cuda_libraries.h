#pragma once

#include <cstdint>

namespace worker {

/// Device memory that LibTorch gives cuBLAS as workspace: ":4096:2:16:8", 2 x 4096 KiB and
/// 8 x 16 KiB (aten/src/ATen/cuda/CublasHandlePool.cpp, devices before Hopper), once for the thread
/// that runs forward and once for the autograd thread that runs backward, each with a handle of its
/// own.
inline constexpr int kCublasHandles = 2;
inline constexpr int64_t kCublasWorkspaceBytes = (2 * 4096 + 8 * 16) * int64_t{1024};

}  // namespace worker
