#include "apps/bench_kernels/tensors.h"

#include <limits>

#include <ATen/CPUGeneratorImpl.h>

namespace apps {
namespace {

constexpr uint64_t kSeed = 1;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

RandomTensors::RandomTensors(const Setting& setting)
    : dtype_(setting.dtype), generator_(at::detail::createCPUGenerator(kSeed)) {}

at::Tensor RandomTensors::operator()(at::IntArrayRef sizes) {
  return at::randn(sizes, generator_, at::TensorOptions(at::kFloat)).to(at::kBFloat16).to(dtype_);
}

at::Tensor unwritten(const Setting& setting, at::IntArrayRef sizes) {
  return at::full(sizes, kNan, at::TensorOptions(setting.dtype));
}

at::Tensor unwritten_floats(at::IntArrayRef sizes) {
  return at::full(sizes, kNan, at::TensorOptions(at::kFloat));
}

int64_t bytes_of(const Tensors& tensors) {
  int64_t bytes = 0;
  for (const at::Tensor& tensor : tensors) bytes += static_cast<int64_t>(tensor.nbytes());
  return bytes;
}

}  // namespace apps
