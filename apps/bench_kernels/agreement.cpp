#include "apps/bench_kernels/agreement.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace apps {
namespace {

/// fp64 adds nothing of its own to an error near fp32's.
double relative(const at::Tensor& error, const at::Tensor& expected) {
  return error.item<double>() / std::max(expected.item<double>(), 1e-30);
}

}  // namespace

ErrorBound Agreement::of(at::ScalarType dtype, at::Device device) const {
  constexpr double kOfBfloat16 = 0.25;
  constexpr double kOnGpu = 4;
  const double factor = device.is_cuda() ? kOnGpu : 1;
  const ErrorBound in_float = {factor * fp32.norm, factor * fp32.largest};
  if (dtype == at::kFloat) return in_float;
  if (dtype == at::kBFloat16) return bf16;
  return {kOfBfloat16 * bf16.norm + in_float.norm, kOfBfloat16 * bf16.largest + in_float.largest};
}

void require_agreement(const std::string& name, const Tensors& outputs, const Tensors& expected,
                       const ErrorBound& bound) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    const at::Tensor want = expected.at(i).detach().to(at::kDouble);
    const at::Tensor difference = outputs[i].detach().to(at::kDouble).sub(want);
    const double norm = relative(difference.norm(), want.norm());
    const double largest = relative(difference.abs().max(), want.abs().max());
    if (norm <= bound.norm && largest <= bound.largest) continue;
    throw std::runtime_error(fmt::format(
        "{}: output {} of the fused operator is not LibTorch's: relative error {:.2g} (at most "
        "{:.2g}), of the largest element {:.2g} (at most {:.2g}); nothing of it was timed",
        name, i, norm, bound.norm, largest, bound.largest));
  }
}

}  // namespace apps
