#include "model/span_loss.h"

#include <algorithm>

namespace model {
namespace {

/// Half the mean cross-entropy of one column of the logits over `count` targets.
at::Tensor half_cross_entropy(const at::Tensor& logits, int64_t column, const at::Tensor& targets,
                              int64_t count) {
  const at::Tensor sum = at::cross_entropy_loss(logits.select(-1, column), targets, /*weight=*/{},
                                                at::Reduction::Sum, kIgnoredTarget);
  return sum / (2.0 * static_cast<double>(std::max<int64_t>(count, 1)));
}

}  // namespace

at::Tensor span_loss(const at::Tensor& logits, const Batch& batch, const TargetCounts& global) {
  const at::Tensor wide = logits.to(logits.scalar_type() == at::kDouble ? at::kDouble : at::kFloat);
  return half_cross_entropy(wide, 0, batch.start_positions, global.starts) +
         half_cross_entropy(wide, 1, batch.end_positions, global.ends);
}

}  // namespace model
