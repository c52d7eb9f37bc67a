#include "kernels/core/device_product.h"

#include <limits>
#include <type_traits>
#include <vector>

#include <cublasLt.h>
#include <cuda_runtime_api.h>

#include "kernels/core/bfloat16.h"
#include "kernels/core/cublaslt_error.h"
#include "kernels/core/device_event.h"
#include "kernels/core/device_loads.h"
#include "kernels/core/device_memory.h"
#include "kernels/core/float16.h"
#include "kernels/core/settled_time.h"

namespace kernels {
namespace {

/// What NVIDIA recommends for cublasLtMatmul on Hopper, the most of all devices.
constexpr size_t kWorkspaceBytes = size_t{32} << 20;
constexpr int kMostAlgorithms = 8;
constexpr int kTrialRuns = 3;

template <class T>
constexpr cudaDataType_t kDataType = CUDA_R_16F;
template <>
constexpr cudaDataType_t kDataType<bfloat16> = CUDA_R_16BF;

/// Tensor cores have products of bfloat16 since sm_80, of float16 on every device of CUDA 13.
template <class T>
constexpr int kLeastCapability = 7;
template <>
constexpr int kLeastCapability<bfloat16> = 8;

int capability() {
  int device = 0;
  int major = 0;
  check_cuda(cudaGetDevice(&device), "find the current device");
  check_cuda(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device),
             "ask for a device's architecture");
  return major;
}

struct DestroyHandle {
  void operator()(cublasLtHandle_t handle) const { cublasLtDestroy(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<cublasLtHandle_t>, DestroyHandle>;

Handle make_handle() {
  cublasLtHandle_t handle = nullptr;
  check_cublaslt(cublasLtCreate(&handle), "start");
  return Handle(handle);
}

}  // namespace

/// Matrices, the description of their product and the algorithm.
class DeviceProduct::Plan {
 public:
  template <class T>
  Plan(std::type_identity<T>, int64_t size, CudaStream stream)
      : size_(size),
        handle_(make_handle()),
        a_(size * size * static_cast<int64_t>(sizeof(T))),
        b_(size * size * static_cast<int64_t>(sizeof(T))),
        c_(size * size * static_cast<int64_t>(sizeof(T))),
        workspace_(kWorkspaceBytes) {
    fill_uniform(a_.as<T>(), size * size, stream);
    fill_uniform(b_.as<T>(), size * size, stream);
    describe(kDataType<T>);
    choose(stream);
  }

  int64_t size() const { return size_; }

  void run(CudaStream stream) const { run(chosen_, stream); }

 private:
  void describe(cudaDataType_t type) {
    check_cublaslt(cublasLtMatmulDescInit(&operation_, CUBLAS_COMPUTE_32F, CUDA_R_32F),
                   "describe a product");
    const cublasOperation_t transpose = CUBLAS_OP_T;
    check_cublaslt(cublasLtMatmulDescSetAttribute(&operation_, CUBLASLT_MATMUL_DESC_TRANSA,
                                                  &transpose, sizeof(transpose)),
                   "describe a product");
    const auto rows = static_cast<uint64_t>(size_);
    check_cublaslt(cublasLtMatrixLayoutInit(&layout_, type, rows, rows, size_),
                   "describe a matrix");
  }

  std::vector<cublasLtMatmulHeuristicResult_t> proposals() const {
    cublasLtMatmulPreferenceOpaque_t preference;
    check_cublaslt(cublasLtMatmulPreferenceInit(&preference), "state a preference");
    check_cublaslt(
        cublasLtMatmulPreferenceSetAttribute(&preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                                             &kWorkspaceBytes, sizeof(kWorkspaceBytes)),
        "state a preference");
    std::vector<cublasLtMatmulHeuristicResult_t> found(kMostAlgorithms);
    int count = 0;
    check_cublaslt(cublasLtMatmulAlgoGetHeuristic(handle_.get(), &operation_, &layout_, &layout_,
                                                  &layout_, &layout_, &preference, kMostAlgorithms,
                                                  found.data(), &count),
                   "find an algorithm");
    found.resize(static_cast<size_t>(count));
    std::erase_if(found, [](const auto& one) { return one.state != CUBLAS_STATUS_SUCCESS; });
    if (found.empty()) check_cublaslt(CUBLAS_STATUS_NOT_SUPPORTED, "find an algorithm");
    return found;
  }

  /// A first run of each loads its code.
  void choose(CudaStream stream) {
    double best = std::numeric_limits<double>::infinity();
    for (const cublasLtMatmulHeuristicResult_t& proposal : proposals()) {
      run(proposal, stream);
      const double seconds = device_seconds(stream, [&] {
        for (int i = 0; i < kTrialRuns; ++i) run(proposal, stream);
      });
      if (seconds >= best) continue;
      best = seconds;
      chosen_ = proposal;
    }
  }

  void run(const cublasLtMatmulHeuristicResult_t& how, CudaStream stream) const {
    const float one = 1;
    const float zero = 0;
    check_cublaslt(cublasLtMatmul(handle_.get(), &operation_, &one, a_.get(), &layout_, b_.get(),
                                  &layout_, &zero, c_.get(), &layout_, c_.get(), &layout_,
                                  &how.algo, workspace_.get(), how.workspaceSize, stream),
                   "multiply");
  }

  int64_t size_;
  Handle handle_;
  DeviceMemory a_;
  DeviceMemory b_;
  DeviceMemory c_;
  DeviceMemory workspace_;
  // Read alone by cublasLtMatmul, which takes pointers without const.
  mutable cublasLtMatmulDescOpaque_t operation_;
  mutable cublasLtMatrixLayoutOpaque_t layout_;
  cublasLtMatmulHeuristicResult_t chosen_ = {};
};

template <class T>
std::optional<DeviceProduct> DeviceProduct::make(int64_t size, CudaStream stream) {
  if (capability() < kLeastCapability<T>) return std::nullopt;
  return DeviceProduct(std::make_shared<const Plan>(std::type_identity<T>(), size, stream));
}

void DeviceProduct::run(CudaStream stream) const {
  plan_->run(stream);
}

int64_t DeviceProduct::flops() const {
  return 2 * plan_->size() * plan_->size() * plan_->size();
}

double DeviceProduct::flops_per_second(CudaStream stream) const {
  return static_cast<double>(flops()) /
         settled_time([&] { return device_seconds(stream, [&] { run(stream); }); });
}

template std::optional<DeviceProduct> DeviceProduct::make<float16>(int64_t, CudaStream);
template std::optional<DeviceProduct> DeviceProduct::make<bfloat16>(int64_t, CudaStream);

}  // namespace kernels
