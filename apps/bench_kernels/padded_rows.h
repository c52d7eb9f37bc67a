#pragma once

#include <vector>

#include "apps/bench_kernels/setting.h"
#include "kernels/core/sequence_rows.h"

namespace apps {

/// A padded micro-batch as the operators want to hear of it: every sequence at its full length.
class PaddedRows {
 public:
  explicit PaddedRows(const Setting& setting) {
    for (int64_t b = 0; b <= setting.batch; ++b) offsets_.push_back(b * setting.sequence);
  }

  /// Valid as long as this object.
  kernels::SequenceRows rows() const {
    return {offsets_.data(), static_cast<int64_t>(offsets_.size()) - 1};
  }

 private:
  std::vector<int64_t> offsets_;
};

}  // namespace apps
