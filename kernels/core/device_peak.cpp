#include "kernels/core/device_peak.h"

#include <cstdint>

#include "kernels/core/bfloat16.h"
#include "kernels/core/device_copy.h"
#include "kernels/core/device_multiply_adds.h"
#include "kernels/core/device_product.h"
#include "kernels/core/float16.h"

namespace kernels {
namespace {

/// Read and written: several times the second-level cache of any device.
constexpr int64_t kCopyBytes = int64_t{768} << 20;

template <class T>
std::optional<double> product_rate(CudaStream stream) {
  const std::optional<DeviceProduct> product = DeviceProduct::make<T>(kPeakProductSize, stream);
  if (!product) return std::nullopt;
  return product->flops_per_second(stream);
}

}  // namespace

DevicePeak measure_device_peak(CudaStream stream) {
  return {.fp32_flops_per_second = DeviceMultiplyAdds().flops_per_second(stream),
          .fp16_flops_per_second = product_rate<float16>(stream),
          .bf16_flops_per_second = product_rate<bfloat16>(stream),
          .copy_bytes_per_second = DeviceCopy(kCopyBytes, stream).bytes_per_second()};
}

}  // namespace kernels
