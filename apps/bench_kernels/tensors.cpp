#include "apps/bench_kernels/tensors.h"

#include <limits>

#include <ATen/CPUGeneratorImpl.h>

#include "kernels/core/column_partials.h"
#include "kernels/tensor/device.h"

namespace apps {
namespace {

constexpr uint64_t kSeed = 1;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

at::Tensor in_every_precision(const at::Tensor& floats) {
  // float16 has more bits, but not where values are tiny.
  return floats.to(at::kBFloat16).to(at::kHalf).to(at::kFloat);
}

RandomTensors::RandomTensors(const Setting& setting)
    : options_(at::TensorOptions(setting.dtype).device(setting.device)),
      generator_(at::detail::createCPUGenerator(kSeed)) {}

at::Tensor RandomTensors::operator()(at::IntArrayRef sizes) {
  return in_every_precision(at::randn(sizes, generator_, at::TensorOptions(at::kFloat)))
      .to(options_);
}

at::Tensor unwritten(const Setting& setting, at::IntArrayRef sizes) {
  return at::full(sizes, kNan, at::TensorOptions(setting.dtype).device(setting.device));
}

at::Tensor unwritten_floats(const Setting& setting, at::IntArrayRef sizes) {
  return at::full(sizes, kNan, at::TensorOptions(at::kFloat).device(setting.device));
}

at::Tensor column_partials(const Setting& setting, int64_t columns, int64_t sums) {
  return unwritten_floats(setting,
                          {kernels::runs_on_cuda(setting.device)
                               ? kernels::cuda_column_partials_size(setting.rows(), columns, sums)
                               : kernels::column_partials_size(columns, sums)});
}

at::Tensor full_lengths(const Setting& setting) {
  return at::full({setting.batch}, setting.sequence,
                  at::TensorOptions(at::kLong).device(setting.device));
}

int64_t bytes_of(const Tensors& tensors) {
  int64_t bytes = 0;
  for (const at::Tensor& tensor : tensors) bytes += static_cast<int64_t>(tensor.nbytes());
  return bytes;
}

}  // namespace apps
