#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "train/config/schedule_config.h"

namespace train {

enum class OptimizerKind { kAdam, kAdamW, kLamb };

/// Defaults as DeepSpeed's optimizers have them. Adam's weight decay is decoupled, as AdamW's: it
/// is what DeepSpeed's Adam does unless told otherwise.
struct OptimizerConfig {
  OptimizerKind kind = OptimizerKind::kAdam;
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
  bool bias_correction = true;
  double max_coefficient = 10;    ///< Lamb: upper bound of a tensor's trust ratio
  double min_coefficient = 0.01;  ///< Lamb: lower bound of it
};

/// What the loss is multiplied by before the backward pass of fp16, so that small gradients do not
/// become zero; see LossScale.
struct LossScaleConfig {
  double initial = 65536;
  int64_t window = 1000;   ///< steps in a row without overflow after which the scale doubles
  int64_t hysteresis = 2;  ///< the overflow that first halves the scale; those before are forgiven
  bool consecutive_hysteresis = false;  ///< whether every step without overflow forgives all
  double minimum = 1;
  std::optional<double> fixed;  ///< a scale that never changes; none: dynamic, by the above
};

enum class Precision { kFp32, kBf16, kFp16 };

/// How training runs, as a DeepSpeed configuration file says it (docs/deepspeed_config.md).
struct EngineConfig {
  // global_batch = micro_batch * accumulation_steps * processes, all in sequences.
  int64_t global_batch = 1;
  int64_t micro_batch = 1;  ///< of one process
  int64_t accumulation_steps = 1;
  OptimizerConfig optimizer;
  std::optional<double> max_gradient_norm;  ///< of clipping; none: not clipped
  Precision precision = Precision::kFp32;
  LossScaleConfig loss_scale;              ///< of fp16
  std::optional<ScheduleConfig> schedule;  ///< none: the optimizer's learning rate throughout
  int64_t steps_per_print = 10;
  bool wall_clock_breakdown = false;
  int zero_stage = 0;                     ///< 1: the optimizer's state is partitioned
  std::vector<std::string> kernel_flags;  ///< of the fused layer, those that are on
};

}  // namespace train
