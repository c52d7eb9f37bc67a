#pragma once

#include <cstdint>

namespace worker {

/// LibTorch's thread that runs forward and its autograd thread that runs backward have a cuBLAS
/// handle each, with a workspace of its own.
inline constexpr int kCublasHandles = 2;

/// What LibTorch gives cuBLAS as workspace on devices before Hopper: ":4096:2:16:8", 2 x 4096 KiB
/// and 8 x 16 KiB (aten/src/ATen/cuda/CublasHandlePool.cpp).
inline constexpr int64_t kCublasWorkspaceBytes = (2 * 4096 + 8 * 16) * int64_t{1024};

/// The bytes of one such workspace: LibTorch's own answer for this machine's first CUDA device,
/// kCublasWorkspaceBytes where there is none.
int64_t cublas_workspace_bytes();

}  // namespace worker
