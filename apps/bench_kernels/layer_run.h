#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "apps/bench_kernels/agreement.h"
#include "apps/bench_kernels/setting.h"
#include "model/implementation.h"

namespace apps {

/// What a layer is run on. At the same setting every implementation gets the same values, which
/// every precision represents.
struct LayerInputs {
  Setting setting;
  std::vector<int64_t> lengths;  ///< [setting.batch] real tokens
  model::RowLayout row_layout = model::RowLayout::kPadded;
};

/// One encoder layer, post-LN, as training runs it: forward and backward, with gradients of the
/// input and of every weight.
class LayerRun {
 public:
  LayerRun(const LayerInputs& inputs, const model::Implementation& implementation,
           const model::LayerFlags& flags, std::unique_ptr<model::DropoutSource> dropout);

  /// Forward and backward, after the gradients of the last run are dropped.
  void run();

  /// What the last run computed, in an order that all implementations share: output and input
  /// gradient of the tokens, [tokens, hidden], then weight gradients by their HuggingFace names,
  /// those of query, key and value as one (the key bias's alone is zero but for rounding).
  Tensors results() const;

 private:
  at::Tensor tokens(const at::Tensor& rows) const;

  std::unique_ptr<model::EncoderLayer> layer_;
  std::unique_ptr<model::DropoutSource> dropout_;
  model::SequenceLayout layout_;
  at::Tensor hidden_;
  at::Tensor d_output_;
  at::Tensor output_;
};

}  // namespace apps
