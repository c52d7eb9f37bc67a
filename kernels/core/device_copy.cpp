#include "kernels/core/device_copy.h"

#include <algorithm>

#include <cuda_runtime_api.h>

#include "kernels/core/device_event.h"
#include "kernels/core/device_loads.h"
#include "kernels/core/settled_time.h"

namespace kernels {
namespace {

constexpr int64_t kPack = 16;
constexpr int kPattern = 0x5A;

int64_t buffer_bytes(int64_t bytes) {
  return std::max((bytes / 2 + kPack - 1) / kPack * kPack, kPack);
}

}  // namespace

DeviceCopy::DeviceCopy(int64_t bytes, CudaStream stream)
    : bytes_(buffer_bytes(bytes)), source_(bytes_), destination_(bytes_) {
  check_cuda(cudaMemsetAsync(source_.get(), kPattern, static_cast<size_t>(bytes_), stream),
             "fill memory");
  for (const Method method : {Method::kRuntime, Method::kKernel}) {
    const double seconds =
        settled_time([&] { return device_seconds(stream, [&] { copy_by(method, stream); }); });
    const double rate = 2 * static_cast<double>(bytes_) / seconds;
    if (rate > rate_) {
      rate_ = rate;
      best_ = method;
    }
  }
}

void DeviceCopy::copy_by(Method method, CudaStream stream) const {
  if (method == Method::kKernel) {
    copy_packs({.to = destination_.get(), .from = source_.get(), .bytes = bytes_}, stream);
    return;
  }
  check_cuda(cudaMemcpyAsync(destination_.get(), source_.get(), static_cast<size_t>(bytes_),
                             cudaMemcpyDeviceToDevice, stream),
             "copy memory");
}

}  // namespace kernels
