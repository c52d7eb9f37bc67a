#pragma once

#include "apps/bench_kernels/case.h"

namespace apps {

/// Inputs of a case: standard normal values that bfloat16 represents, the same in every precision
/// for cases that draw the same sizes in the same order.
class RandomTensors {
 public:
  explicit RandomTensors(const Setting& setting);
  at::Tensor operator()(at::IntArrayRef sizes);

 private:
  at::ScalarType dtype_;
  at::Generator generator_;
};

/// For outputs: full of NaN, so that an element that nobody writes fails the comparison.
at::Tensor unwritten(const Setting& setting, at::IntArrayRef sizes);
at::Tensor unwritten_floats(at::IntArrayRef sizes);

/// Bytes of reading or writing each of these once.
int64_t bytes_of(const Tensors& tensors);

}  // namespace apps
