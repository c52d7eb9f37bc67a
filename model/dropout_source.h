#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include "model/sequence_layout.h"

namespace model {

/// The places of a BERT model that drop elements, and their shapes when padded; packed,
/// [batch, sequence] are [rows].
enum class DropoutSite : uint32_t {
  kEmbedding = 0,               ///< [batch, sequence, hidden], layer -1
  kAttentionProbabilities = 1,  ///< [batch, heads, sequence, sequence]
  kAttentionOutput = 2,         ///< [batch, sequence, hidden]
  kLayerOutput = 3,             ///< [batch, sequence, hidden]
};

/// Names one stream of dropout bits. The bit of an element follows from this, the sequence's index
/// in the global batch, the head, and the padded row and column: the same for any device, layout,
/// split into micro-batches, and under recomputation.
struct DropoutKey {
  uint64_t seed = 0;
  uint64_t step = 0;
  int64_t layer = 0;  ///< -1 for the embeddings
  DropoutSite site = DropoutSite::kEmbedding;
  const int64_t* step_on_device = nullptr;  ///< the device's memory has `step` there, too
};

/// Where dropout comes from in one optimizer step.
class DropoutSource {
 public:
  virtual ~DropoutSource() = default;

  /// `input` with dropout at probability `p` applied, differentiable. `input` has the shape that
  /// `key.site` states; p = 0 returns `input`.
  virtual at::Tensor apply(const at::Tensor& input, double p, const DropoutKey& key,
                           const SequenceLayout& layout) const = 0;

  /// Whether bits are LibTorch's own, so that its fused operators may draw them as well as apply().
  virtual bool draws_as_libtorch() const { return false; }

  /// Key of a site in this step, for layers that generate the bits themselves.
  DropoutKey key(DropoutSite site, int64_t layer) const {
    return {seed_, step_, layer, site,
            step_on_device_.defined() ? step_on_device_.const_data_ptr<int64_t>() : nullptr};
  }

  /// Called once before each optimizer step.
  virtual void begin_step(uint64_t seed, uint64_t step) {
    seed_ = seed;
    step_ = step;
    if (step_on_device_.defined()) step_on_device_.fill_(static_cast<int64_t>(step));
  }

  /// From now on keeps the step in the memory of `device`, too, where work that was recorded once
  /// and is played again finds the step at hand. Only the seed must stay the same.
  void keep_step_on(at::Device device) {
    step_on_device_ = at::zeros({1}, at::TensorOptions(at::kLong).device(device));
  }

 private:
  uint64_t seed_ = 0;
  uint64_t step_ = 0;
  at::Tensor step_on_device_;
};

}  // namespace model
