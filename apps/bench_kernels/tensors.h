#pragma once

#include "apps/bench_kernels/case.h"

namespace apps {

/// `floats` as the nearest values that every precision represents.
at::Tensor in_every_precision(const at::Tensor& floats);

/// Inputs of a case: standard normal values that every precision represents, the same in all of
/// them and on every device for cases that draw the same sizes in the same order.
class RandomTensors {
 public:
  explicit RandomTensors(const Setting& setting);
  at::Tensor operator()(at::IntArrayRef sizes);

 private:
  at::TensorOptions options_;
  at::Generator generator_;
};

/// For outputs: full of NaN, so that an element that nobody writes fails the comparison.
at::Tensor unwritten(const Setting& setting, at::IntArrayRef sizes);
at::Tensor unwritten_floats(const Setting& setting, at::IntArrayRef sizes);

/// Workspace for `sums` column sums over `columns` columns of the setting's rows.
at::Tensor column_partials(const Setting& setting, int64_t columns, int64_t sums = 1);

/// The lengths of sequences that fill all their positions, where the operators read them: int64
/// [batch].
at::Tensor full_lengths(const Setting& setting);

/// Bytes of reading or writing each of these once.
int64_t bytes_of(const Tensors& tensors);

}  // namespace apps
