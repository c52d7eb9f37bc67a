#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "baseline/implementations.h"
#include "model/batch.h"
#include "tests/model/tiny_bert.h"
#include "tests/train/resumed_optimizer.h"
#include "train/engine.h"
#include "train/optimizer.h"

namespace train {

/// What may differ between runs besides the engine's options.
struct RunSetup {
  at::ScalarType dtype = at::kFloat;
  double dropout = 0;
  MakeOptimizer make_optimizer = [](std::vector<model::Parameter> parameters) {
    return std::make_unique<AdamW>(std::move(parameters),
                                   model::AdamWOptions{.learning_rate = 0.01});
  };
  GradientReduction* reduction = nullptr;
};

/// An engine over a small BERT with its optimizer, on windows of its own.
struct EngineRun {
  static constexpr int64_t kLength = 20;

  explicit EngineRun(const EngineOptions& engine_options, const RunSetup& setup = {})
      : options(engine_options),
        dtype(setup.dtype),
        bert(config(setup.dropout), baseline::pytorch_eager(), {.tensors = setup.dtype}),
        dropout(tiny::stock_dropout()),
        optimizer(setup.make_optimizer(bert.parameters())),
        engine(bert, dropout, *optimizer, engine_options, setup.reduction) {
    at::set_num_threads(1);  // these tensors are too small to share
    tiny::randomize(bert, 1);
    at::manual_seed(1);
  }

  static model::BertConfig config(double dropout) {
    model::BertConfig config = tiny::config();
    config.attention_dropout = config.hidden_dropout = dropout;
    return config;
  }

  /// Micro-batch `index` of global batch `step`, and the targets of the whole.
  std::pair<model::Batch, model::TargetCounts> batch(uint64_t step, int64_t index) const {
    const auto windows = tiny::windows(options.micro_batch * options.accumulation_steps, kLength,
                                       static_cast<uint32_t>(step + 1));
    const std::span<const model::Window> all(windows);
    const auto first = static_cast<size_t>(index * options.micro_batch);
    return {model::make_batch(all.subspan(first, static_cast<size_t>(options.micro_batch)), kLength,
                              index * options.micro_batch, dtype),
            model::count_targets(all)};
  }

  at::Tensor forward(int64_t index = 0) {
    const auto [micro_batch, targets] = batch(engine.global_step(), index);
    return engine.forward(micro_batch, targets);
  }

  /// Every micro-batch of the step at hand; what the last round did.
  StepOutcome step() {
    StepOutcome outcome = StepOutcome::kAccumulated;
    for (int64_t i = 0; i < options.accumulation_steps; ++i) {
      const at::Tensor part = forward(i);
      engine.backward(part);
      loss = i == 0 ? part.item<double>() : loss + part.item<double>();
      outcome = engine.step();
    }
    return outcome;
  }

  /// Copies of all weights and of the optimizer's state.
  std::vector<at::Tensor> snapshot() {
    std::vector<at::Tensor> all;
    for (const model::Parameter& parameter : bert.parameters()) {
      all.push_back(parameter.tensor.detach().clone());
    }
    for (const model::StateTensor& part : optimizer->state()) all.push_back(part.tensor.clone());
    return all;
  }

  EngineOptions options;
  at::ScalarType dtype;
  model::BertForSquad bert;
  model::StockDropout dropout;
  std::unique_ptr<model::Optimizer> optimizer;
  Engine engine;
  double loss = 0;  ///< of the last step
};

inline bool same_bits(const std::vector<at::Tensor>& some, const std::vector<at::Tensor>& others) {
  return std::equal(some.begin(), some.end(), others.begin(), others.end(),
                    [](const at::Tensor& a, const at::Tensor& b) { return at::equal(a, b); });
}

}  // namespace train
