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

/// `logits` as [batch, padded_length, 2], masked where there is padding.
at::Tensor masked(const at::Tensor& logits, const Batch& batch) {
  const SequenceLayout& layout = batch.layout;
  if (!layout.packed()) {
    return logits + layout.additive_mask.view({layout.batch, layout.padded_length, 1})
                        .to(logits.scalar_type());
  }
  const at::Tensor padding = at::full({layout.padded_length, 2}, kMaskedScore, logits.options());
  std::vector<at::Tensor> rows;
  for (size_t i = 0; i < layout.lengths.size(); ++i) {
    const int64_t length = layout.lengths[i];
    rows.push_back(logits.narrow(0, layout.offsets[i], length));
    rows.push_back(padding.narrow(0, length, layout.padded_length - length));
  }
  return at::cat(rows).view({layout.batch, layout.padded_length, 2});
}

}  // namespace

at::Tensor span_loss(const at::Tensor& logits, const Batch& batch, const TargetCounts& global) {
  const at::ScalarType wide = logits.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const at::Tensor scores = masked(logits.to(wide), batch);
  return half_cross_entropy(scores, 0, batch.start_positions, global.starts) +
         half_cross_entropy(scores, 1, batch.end_positions, global.ends);
}

}  // namespace model
