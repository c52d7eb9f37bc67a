#pragma once

#include <cstdint>

#include "kernels/core/bfloat16.h"
#include "kernels/core/cuda_stream.h"

namespace kernels {

enum class GemmOp { kNone, kTranspose };

/// A row-major matrix as it lies in memory, and what the product takes: the matrix or its
/// transpose. Strides count elements; those of a batch may be 0 (one matrix for all).
template <class T>
struct GemmOperand {
  const T* data = nullptr;
  int64_t row_stride = 0;  ///< from one row in memory to the next, at least the row's length
  GemmOp op = GemmOp::kNone;
  int64_t outer_stride = 0;
  int64_t inner_stride = 0;
};

/// A rectangle of C that holds its final values.
struct GemmBlock {
  int64_t outer;
  int64_t inner;
  int64_t row;
  int64_t rows;
  int64_t column;
  int64_t columns;
};

/// Called once for every finished block of C by the thread that computed it, while the block is in
/// its cache. Blocks cover C without overlap; their sizes are those of the blocking.
struct GemmEpilogue {
  void (*call)(void* context, const GemmBlock& block) = nullptr;
  void* context = nullptr;
};

/// C[m, n] = alpha * op(A)[m, k] * op(B)[k, n] + beta * C, row-major, for every matrix of a batch.
///
/// The batch has two levels, so that the heads of a packed [batch, rows, 3, heads, d] tensor are
/// operands as they lie: outer = batch, inner = heads. C must not overlap itself, A or B.
/// beta = 0 overwrites C whatever it holds; with alpha = 0 or k = 0 neither A nor B is read.
/// bfloat16: products are summed in float over the whole k and rounded once.
/// One thread computes an element of C, in an order of k that depends on k and `op` alone (and on
/// the machine's instruction set), so bits do not depend on the number of threads.
template <class T>
struct Gemm {
  int64_t m = 0;
  int64_t n = 0;
  int64_t k = 0;
  GemmOperand<T> a = {};
  GemmOperand<T> b = {};
  T* c = nullptr;
  int64_t c_row_stride = 0;
  int64_t c_outer_stride = 0;
  int64_t c_inner_stride = 0;
  int64_t outer = 1;
  int64_t inner = 1;
  float alpha = 1;
  float beta = 0;
  GemmEpilogue epilogue = {};
  int threads = 0;            ///< 0: omp_get_max_threads()
  void* workspace = nullptr;  ///< gemm_workspace_bytes(), best aligned to 64 bytes
};

/// Bytes of workspace that gemm() uses for these sizes, ops and threads; pointers are not read.
template <class T>
int64_t gemm_workspace_bytes(const Gemm<T>& args);

/// Throws std::invalid_argument where a size is negative, a stride too short, or a pointer that
/// will be read or written null. Allocates nothing.
template <class T>
void gemm(const Gemm<T>& args);

// CUDA: float, float16 and bfloat16, by the device's library (gemm_cublaslt.cpp), or where tests
// run CUDA's kernels on the CPU by the reference (gemm_emulated.cpp): products are summed in float,
// beta * C is added, and the sum is rounded once. `threads` is not read; there is one level of a
// batch (inner = 1) and no epilogue. The same call on the same device gives the same bits.

/// Bytes of workspace that the call below may use: on a device kCudaGemmWorkspaceBytes, what NVIDIA
/// recommends for cublasLtMatmul on Hopper, the most of all devices.
template <class T>
int64_t gemm_workspace_bytes(const Gemm<T>& args, CudaStream stream);
inline constexpr int64_t kCudaGemmWorkspaceBytes = int64_t{32} << 20;

/// Throws std::invalid_argument for two levels of a batch, an epilogue or k = 0, and
/// std::runtime_error with the library's status where it cannot multiply.
template <class T>
void gemm(const Gemm<T>& args, CudaStream stream);

}  // namespace kernels
