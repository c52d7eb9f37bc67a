#include "model/span_loss.h"

#include <algorithm>

namespace model {
namespace {

/// So that the halves of the two mean cross-entropies add up.
double divisor(int64_t count) {
  return 2.0 * static_cast<double>(std::max<int64_t>(count, 1));
}

/// The cross-entropies of one column of the logits, added up.
at::Tensor cross_entropy(const at::Tensor& logits, int64_t column, const at::Tensor& targets) {
  return at::cross_entropy_loss(logits.select(-1, column), targets, /*weight=*/{},
                                at::Reduction::Sum, kIgnoredTarget);
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
  const at::Tensor starts = cross_entropy(scores, 0, batch.start_positions);
  const at::Tensor ends = cross_entropy(scores, 1, batch.end_positions);
  if (global.divisors.defined()) {
    return starts / global.divisors.select(0, 0) + ends / global.divisors.select(0, 1);
  }
  return starts / divisor(global.starts) + ends / divisor(global.ends);
}

at::Tensor loss_divisors(const TargetCounts& targets, at::Device device) {
  at::Tensor divisors = at::empty({2}, at::TensorOptions(at::kFloat).device(device));
  divisors.select(0, 0).fill_(divisor(targets.starts));
  divisors.select(0, 1).fill_(divisor(targets.ends));
  return divisors;
}

}  // namespace model
