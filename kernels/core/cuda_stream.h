#pragma once

struct CUstream_st;

namespace kernels {

/// cudaStream_t without CUDA's headers. An operator that is called with a stream takes pointers
/// into the device's memory, queues its kernels on the stream and returns; without one it runs on
/// the CPU.
using CudaStream = CUstream_st*;

}  // namespace kernels
