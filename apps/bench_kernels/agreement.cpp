#include "apps/bench_kernels/agreement.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace apps {
namespace {

/// Bounds of the difference's norm over the norm, and of its largest element over the largest.
/// float: sums of many terms in different orders, of up to a million (LibTorch's norms) in float.
/// bfloat16: what the operator saves, reads back and writes is rounded, 2^-9 of a value each.
struct Tolerance {
  double norm;
  double largest;
};

Tolerance tolerance(at::ScalarType dtype) {
  return dtype == at::kFloat ? Tolerance{5e-5, 5e-5} : Tolerance{1e-2, 1.6e-2};
}

double relative(const at::Tensor& error, const at::Tensor& expected) {
  return error.item<double>() / std::max(expected.item<double>(), 1e-30);
}

}  // namespace

void require_agreement(const std::string& name, const Case& test, const Tensors& expected,
                       at::ScalarType dtype) {
  test.fused();
  const Tolerance bound = tolerance(dtype);
  for (size_t i = 0; i < test.fused_outputs.size(); ++i) {
    const at::Tensor want = expected.at(i).detach().to(at::kFloat);
    const at::Tensor difference = test.fused_outputs[i].to(at::kFloat).sub(want);
    const double norm = relative(difference.norm(), want.norm());
    const double largest = relative(difference.abs().max(), want.abs().max());
    // NaN is within no bound.
    if (norm <= bound.norm && largest <= bound.largest) continue;
    throw std::runtime_error(fmt::format(
        "{}: output {} of the fused operator is not LibTorch's: relative error {:.2g} (at most "
        "{:.2g}), of the largest element {:.2g} (at most {:.2g}); nothing of it was timed",
        name, i, norm, bound.norm, largest, bound.largest));
  }
}

}  // namespace apps
