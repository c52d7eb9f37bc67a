// gemm() on CUDA by cuBLASLt.

#include <compare>
#include <map>
#include <mutex>

#include <cublasLt.h>
#include <cuda_runtime_api.h>

#include "kernels/core/cublaslt_error.h"
#include "kernels/core/cuda_error.h"
#include "kernels/core/float16.h"
#include "kernels/gemm/cuda_gemm.h"

namespace kernels {
namespace {

template <class T>
constexpr cudaDataType_t kDataType = CUDA_R_32F;
template <>
constexpr cudaDataType_t kDataType<float16> = CUDA_R_16F;
template <>
constexpr cudaDataType_t kDataType<bfloat16> = CUDA_R_16BF;

/// One matrix for every member of the batch, as cuBLASLt counts: column-major, so that a row-major
/// matrix of ours is its transpose.
struct Matrix {
  int64_t rows;
  int64_t columns;
  int64_t leading;
  int64_t batch_stride;
  uint32_t alignment;  ///< bytes that its addresses are multiples of, 256 at most

  auto operator<=>(const Matrix&) const = default;
};

template <class T>
Matrix matrix(const T* data, int64_t memory_rows, int64_t memory_columns, int64_t row_stride,
              int64_t batch_stride) {
  const auto address = reinterpret_cast<uintptr_t>(data);
  const auto bytes = static_cast<uintptr_t>(batch_stride) * sizeof(T);
  constexpr uintptr_t kMost = 256;
  const uintptr_t together = address | bytes | kMost;
  return {memory_columns, memory_rows, row_stride, batch_stride,
          static_cast<uint32_t>(together & (~together + 1))};
}

/// All that an algorithm is chosen by. cuBLASLt's A is our B: C^T = op(B)^T op(A)^T.
struct Product {
  int device;
  cudaDataType_t type;
  cublasOperation_t a_operation;
  cublasOperation_t b_operation;
  Matrix a;
  Matrix b;
  Matrix c;
  int64_t batch;
  int64_t depth;

  auto operator<=>(const Product&) const = default;
};

cublasOperation_t operation_of(GemmOp op) {
  return op == GemmOp::kNone ? CUBLAS_OP_N : CUBLAS_OP_T;
}

int current_device() {
  int device = 0;
  check_cuda(cudaGetDevice(&device), "find the current device");
  return device;
}

template <class T>
Product describe(const Gemm<T>& args) {
  const bool a_plain = args.a.op == GemmOp::kNone;
  const bool b_plain = args.b.op == GemmOp::kNone;
  return {current_device(),
          kDataType<T>,
          operation_of(args.b.op),
          operation_of(args.a.op),
          matrix(args.b.data, b_plain ? args.k : args.n, b_plain ? args.n : args.k,
                 args.b.row_stride, args.b.outer_stride),
          matrix(args.a.data, a_plain ? args.m : args.k, a_plain ? args.k : args.m,
                 args.a.row_stride, args.a.outer_stride),
          matrix(args.c, args.m, args.n, args.c_row_stride, args.c_outer_stride),
          args.outer,
          args.k};
}

/// A product as cuBLASLt takes it, with the algorithm that it deems the fastest.
class Plan {
 public:
  Plan(cublasLtHandle_t handle, const Product& product) {
    check_cublaslt(cublasLtMatmulDescInit(&operation_, CUBLAS_COMPUTE_32F, CUDA_R_32F),
                   "describe a product");
    set(CUBLASLT_MATMUL_DESC_TRANSA, product.a_operation);
    set(CUBLASLT_MATMUL_DESC_TRANSB, product.b_operation);
    lay_out(a_, product.a, product);
    lay_out(b_, product.b, product);
    lay_out(c_, product.c, product);
    choose(handle, product);
  }

  void run(cublasLtHandle_t handle, const float& alpha, const void* a, const void* b,
           const float& beta, void* c, void* workspace, CudaStream stream) const {
    check_cublaslt(cublasLtMatmul(handle, &operation_, &alpha, a, &a_, b, &b_, &beta, c, &c_, c,
                                  &c_, &algorithm_, workspace, workspace_bytes_, stream),
                   "multiply");
  }

 private:
  template <class Value>
  void set(cublasLtMatmulDescAttributes_t attribute, const Value& value) {
    check_cublaslt(cublasLtMatmulDescSetAttribute(&operation_, attribute, &value, sizeof(value)),
                   "describe a product");
  }

  static void lay_out(cublasLtMatrixLayoutOpaque_t& layout, const Matrix& matrix,
                      const Product& product) {
    check_cublaslt(
        cublasLtMatrixLayoutInit(&layout, product.type, static_cast<uint64_t>(matrix.rows),
                                 static_cast<uint64_t>(matrix.columns), matrix.leading),
        "describe a matrix");
    const auto batch = static_cast<int32_t>(product.batch);
    check_cublaslt(cublasLtMatrixLayoutSetAttribute(&layout, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT,
                                                    &batch, sizeof(batch)),
                   "describe a batch");
    check_cublaslt(
        cublasLtMatrixLayoutSetAttribute(&layout, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET,
                                         &matrix.batch_stride, sizeof(matrix.batch_stride)),
        "describe a batch");
  }

  void choose(cublasLtHandle_t handle, const Product& product) {
    cublasLtMatmulPreferenceOpaque_t preference;
    check_cublaslt(cublasLtMatmulPreferenceInit(&preference), "state a preference");
    const auto prefer = [&](cublasLtMatmulPreferenceAttributes_t attribute, const auto& value) {
      check_cublaslt(
          cublasLtMatmulPreferenceSetAttribute(&preference, attribute, &value, sizeof(value)),
          "state a preference");
    };
    prefer(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, size_t{kCudaGemmWorkspaceBytes});
    // Where k is split, partial sums stay float.
    prefer(CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
           uint32_t{CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE});
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, product.a.alignment);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, product.b.alignment);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, product.c.alignment);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, product.c.alignment);
    cublasLtMatmulHeuristicResult_t result;
    int found = 0;
    check_cublaslt(cublasLtMatmulAlgoGetHeuristic(handle, &operation_, &a_, &b_, &c_, &c_,
                                                  &preference, 1, &result, &found),
                   "find an algorithm");
    if (found == 0) check_cublaslt(CUBLAS_STATUS_NOT_SUPPORTED, "find an algorithm");
    check_cublaslt(result.state, "find an algorithm");
    algorithm_ = result.algo;
    workspace_bytes_ = result.workspaceSize;
  }

  // Read alone by cublasLtMatmul, which takes pointers without const.
  mutable cublasLtMatmulDescOpaque_t operation_;
  mutable cublasLtMatrixLayoutOpaque_t a_;
  mutable cublasLtMatrixLayoutOpaque_t b_;
  mutable cublasLtMatrixLayoutOpaque_t c_;
  cublasLtMatmulAlgo_t algorithm_;
  size_t workspace_bytes_ = 0;
};

/// Handles by device and plans by product, made at their first use and kept.
class Library {
 public:
  static Library& instance() {
    static Library library;
    return library;
  }

  cublasLtHandle_t handle(int device) {
    const std::lock_guard lock(mutex_);
    const auto found = handles_.find(device);
    if (found != handles_.end()) return found->second;
    cublasLtHandle_t handle = nullptr;
    check_cublaslt(cublasLtCreate(&handle), "start");
    return handles_.emplace(device, handle).first->second;
  }

  /// Plans are never changed or dropped.
  const Plan& plan(cublasLtHandle_t handle, const Product& product) {
    const std::lock_guard lock(mutex_);
    const auto found = plans_.find(product);
    if (found != plans_.end()) return found->second;
    return plans_.emplace(product, Plan(handle, product)).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<int, cublasLtHandle_t> handles_;
  std::map<Product, Plan> plans_;
};

}  // namespace

template <class T>
int64_t gemm_workspace_bytes(const Gemm<T>& /*args*/, CudaStream /*stream*/) {
  return kCudaGemmWorkspaceBytes;
}

template <class T>
void gemm(const Gemm<T>& args, CudaStream stream) {
  check_cuda_gemm(args);
  if (args.m == 0 || args.n == 0 || args.outer == 0) return;
  const Product product = describe(args);
  const cublasLtHandle_t handle = Library::instance().handle(product.device);
  Library::instance()
      .plan(handle, product)
      .run(handle, args.alpha, args.b.data, args.a.data, args.beta, args.c, args.workspace, stream);
}

template int64_t gemm_workspace_bytes(const Gemm<float>&, CudaStream);
template int64_t gemm_workspace_bytes(const Gemm<float16>&, CudaStream);
template int64_t gemm_workspace_bytes(const Gemm<bfloat16>&, CudaStream);
template void gemm(const Gemm<float>&, CudaStream);
template void gemm(const Gemm<float16>&, CudaStream);
template void gemm(const Gemm<bfloat16>&, CudaStream);

}  // namespace kernels
