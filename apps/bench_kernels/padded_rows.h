#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "apps/bench_kernels/setting.h"
#include "kernels/core/sequence_rows.h"

namespace apps {

/// A padded micro-batch as the operators want to hear of it: every sequence at its full length.
class PaddedRows {
 public:
  explicit PaddedRows(const Setting& setting);

  /// Valid as long as this object.
  kernels::SequenceRows rows() const;

 private:
  std::vector<int64_t> offsets_;
  at::Tensor on_device_;  ///< the same, where operators look them up there
};

}  // namespace apps
