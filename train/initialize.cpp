#include "train/initialize.h"

#include <utility>

#include "train/lamb.h"

namespace train {

MakeOptimizer optimizer_maker(const OptimizerConfig& config, const model::OptimizerEntry& adamw) {
  if (config.kind == OptimizerKind::kLamb) {
    const LambOptions options{.learning_rate = config.learning_rate,
                              .beta1 = config.beta1,
                              .beta2 = config.beta2,
                              .eps = config.eps,
                              .weight_decay = config.weight_decay,
                              .bias_correction = config.bias_correction,
                              .max_coefficient = config.max_coefficient,
                              .min_coefficient = config.min_coefficient};
    return [options](std::vector<model::Parameter> parameters) {
      return std::make_unique<Lamb>(std::move(parameters), options);
    };
  }
  const model::AdamWOptions options{.learning_rate = config.learning_rate,
                                    .beta1 = config.beta1,
                                    .beta2 = config.beta2,
                                    .eps = config.eps,
                                    .weight_decay = config.weight_decay,
                                    .bias_correction = config.bias_correction};
  return [options, make = adamw.make](std::vector<model::Parameter> parameters) {
    return make(std::move(parameters), options);
  };
}

Initialized initialize(const EngineConfig& config, const model::BertForSquad& bert,
                       model::DropoutSource& dropout, const MakeOptimizer& make,
                       uint64_t dropout_seed, GradientReduction* reduction) {
  EngineOptions options{.micro_batch = config.micro_batch,
                        .accumulation_steps = config.accumulation_steps,
                        .max_gradient_norm = config.max_gradient_norm,
                        .dropout_seed = dropout_seed,
                        .schedule = config.schedule};
  if (config.precision == Precision::kFp16) options.loss_scale = config.loss_scale;
  Initialized made{make(bert.parameters()), nullptr};
  made.engine = std::make_unique<Engine>(bert, dropout, *made.optimizer, options, reduction);
  return made;
}

}  // namespace train
