#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <c10/core/TensorOptions.h>

#include "model/bert_config.h"
#include "model/dropout_source.h"
#include "model/encoder_layer.h"
#include "model/optimizer.h"

namespace model {

/// Flags of a fused encoder layer. `activation_checkpoint` is not among them: it wraps any layer
/// (model/checkpointed_layer.h).
struct LayerFlags {
  bool normalize_invertible = false;
  bool gelu_checkpoint = false;
  bool attn_dropout_checkpoint = false;
  bool flash_attention = false;
  bool stochastic_mode = false;
};

/// What distinguishes one way of training BERT from another. The composition root (apps/) fills a
/// table of these; the worker knows no implementation by name.
struct Implementation {
  std::string name;

  /// A layer with uninitialized weights of `options`' dtype and device (cpu or meta), requiring
  /// gradients. `index` is its place in the encoder (it keys dropout and names parameters).
  std::function<std::unique_ptr<EncoderLayer>(const BertConfig& config, int64_t index,
                                              const LayerFlags& flags,
                                              const at::TensorOptions& options)>
      make_layer;

  /// Its own dropout, as it is timed. `cuda_path`: allocate as LibTorch's CUDA dropout does (a
  /// fused kernel with a bool mask), for plans of CUDA devices.
  std::function<std::unique_ptr<DropoutSource>(bool cuda_path)> make_dropout;

  /// Why its layers have no form for CUDA, one line; empty where they have. Null: they always have.
  std::function<std::string(const BertConfig& config, const LayerFlags& flags)> cuda_problem =
      nullptr;
};

/// All implementations and optimizers, and the keyed dropout that the correctness gate gives to
/// each implementation.
struct Registry {
  std::vector<Implementation> implementations;
  std::vector<OptimizerEntry> optimizers;
  std::function<std::unique_ptr<DropoutSource>()> make_keyed_dropout;

  const Implementation* find(const std::string& name) const {
    for (const Implementation& implementation : implementations) {
      if (implementation.name == name) return &implementation;
    }
    return nullptr;
  }

  const OptimizerEntry* find_optimizer(const std::string& name) const {
    for (const OptimizerEntry& optimizer : optimizers) {
      if (optimizer.name == name) return &optimizer;
    }
    return nullptr;
  }
};

}  // namespace model
