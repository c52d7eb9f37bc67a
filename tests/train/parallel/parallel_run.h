#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apps/registry.h"
#include "model/window_dataset.h"
#include "tests/model/tiny_bert.h"
#include "tests/train/parallel/processes.h"
#include "train/engine.h"
#include "train/parallel/bucketed_reduction.h"
#include "train/parallel/zero_optimizer.h"

namespace train {

struct ParallelSetting {
  std::string implementation = "fused";
  std::string optimizer = "fused_adamw";
  at::ScalarType dtype = at::kFloat;
  bool zero = false;
  bool activation_checkpoint = false;  ///< a backward pass within the backward pass
  model::RowLayout row_layout = model::RowLayout::kPacked;
};

/// Training of a small BERT with keyed dropout, clipped, of whose global batches every process
/// takes its share; or this process all of them, where `alone`.
class ParallelRun {
 public:
  static constexpr int64_t kGlobalBatch = 24;
  static constexpr int64_t kAccumulationSteps = 2;
  static constexpr int64_t kLength = 24;

  explicit ParallelRun(const ParallelSetting& setting, bool alone = false)
      : micro_batch(kGlobalBatch / kAccumulationSteps / (alone ? 1 : processes::all().size())),
        first(alone ? 0 : processes::all().rank() * micro_batch * kAccumulationSteps),
        bert(config(), *apps::registry().find(setting.implementation),
             {.activation_checkpoint = setting.activation_checkpoint, .tensors = setting.dtype}),
        data(tiny::windows(60, kLength), {.sequence_length = kLength,
                                          .sequences_per_step = kGlobalBatch,
                                          .activations = setting.dtype,
                                          .row_layout = setting.row_layout}),
        dropout(apps::registry().make_keyed_dropout()),
        optimizer(make_optimizer(setting)),
        reduction(alone ? nullptr
                        : std::make_unique<BucketedReduction>(bert.parameters(), processes::all(),
                                                              /*bucket_bytes=*/4000)),
        engine(bert, *dropout, *optimizer,
               {.micro_batch = micro_batch,
                .accumulation_steps = kAccumulationSteps,
                .max_gradient_norm = 0.5},
               reduction.get()) {
    bert.initialize(1);
  }

  /// One step; the loss of the global batch before it.
  double step() {
    double loss = 0;
    for (int64_t i = 0; i < kAccumulationSteps; ++i) {
      const uint64_t step = engine.global_step();
      const auto batch = data.batch(step, first + i * micro_batch, micro_batch);
      const at::Tensor part = engine.forward(batch, data.targets(step));
      engine.backward(part);
      engine.step();
      loss += part.item<double>();
    }
    return reduction == nullptr ? loss : reduction->sum(loss);
  }

  std::vector<double> steps(int count) {
    std::vector<double> losses;
    for (int i = 0; i < count; ++i) losses.push_back(step());
    return losses;
  }

  /// Copies.
  std::vector<at::Tensor> weights() const {
    std::vector<at::Tensor> all;
    for (const auto& parameter : bert.parameters())
      all.push_back(parameter.tensor.detach().clone());
    return all;
  }

  int64_t micro_batch;
  int64_t first;  ///< of this process's sequences in a global batch
  model::BertForSquad bert;
  model::WindowDataset data;
  std::unique_ptr<model::DropoutSource> dropout;
  std::unique_ptr<model::Optimizer> optimizer;
  std::unique_ptr<BucketedReduction> reduction;
  Engine engine;

 private:
  static model::BertConfig config() {
    model::BertConfig config = tiny::config();
    config.attention_dropout = 0.1;
    config.hidden_dropout = 0.1;
    return config;
  }

  std::unique_ptr<model::Optimizer> make_optimizer(const ParallelSetting& setting) const {
    const auto make = [name = setting.optimizer](std::vector<model::Parameter> parameters) {
      return apps::registry().find_optimizer(name)->make(std::move(parameters),
                                                         {.learning_rate = 3e-3});
    };
    if (!setting.zero) return make(bert.parameters());
    return zero_maker(OptimizerKind::kAdamW, make, processes::all())(bert.parameters());
  }
};

}  // namespace train
