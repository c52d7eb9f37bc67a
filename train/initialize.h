#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "model/bert_for_squad.h"
#include "model/dropout_source.h"
#include "model/optimizer.h"
#include "train/config/engine_config.h"
#include "train/engine.h"
#include "train/gradient_reduction.h"

namespace train {

using MakeOptimizer =
    std::function<std::unique_ptr<model::Optimizer>(std::vector<model::Parameter> parameters)>;

/// Makes the optimizer that `config` names: Adam and AdamW, which are one here, by `adamw`, LAMB by
/// Lamb.
MakeOptimizer optimizer_maker(const OptimizerConfig& config, const model::OptimizerEntry& adamw);

/// An engine and what it updates the weights with.
struct Initialized {
  std::unique_ptr<model::Optimizer> optimizer;
  std::unique_ptr<Engine> engine;
};

/// The engine of `config` for a model, with an optimizer of all its parameters by `make` (under
/// ZeRO one that partitions them). The loss scale is that of fp16. The schedule must know its total
/// steps. `bert`, `dropout` and `reduction` must outlive the result. Throws as Engine's
/// constructor.
Initialized initialize(const EngineConfig& config, const model::BertForSquad& bert,
                       model::DropoutSource& dropout, const MakeOptimizer& make,
                       uint64_t dropout_seed, GradientReduction* reduction = nullptr);

}  // namespace train
