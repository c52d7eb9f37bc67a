#pragma once

#include <cstdint>

#include "train/config/engine_config.h"

namespace train {

/// The loss scale of fp16, from step to step as DeepSpeed's DynamicLossScaler has it: the overflow
/// that uses up the hysteresis and every one after it halve the scale, `window` steps in a row
/// without one double it and refill the hysteresis. The first doubling takes one step more, since
/// DeepSpeed counts as if an overflow had come before the first step.
class LossScale {
 public:
  /// What a checkpoint keeps.
  struct State {
    double scale = 0;
    int64_t steps = 0;               ///< so far
    int64_t last_overflow = -1;      ///< counted as `steps` are; -1: none yet
    int64_t overflows_forgiven = 0;  ///< of the hysteresis
    bool operator==(const State&) const = default;
  };

  /// Throws std::invalid_argument where a scale is not positive and finite or starts below its
  /// minimum, or a count is below 1.
  explicit LossScale(const LossScaleConfig& config);

  /// What the next loss is multiplied by, and gradients are divided by.
  double scale() const { return state_.scale; }

  /// One step was made, or skipped because its gradients `overflowed`. Throws std::runtime_error
  /// where the scale should be halved and is at its minimum already: training has diverged.
  void update(bool overflowed);

  State state() const { return state_; }
  /// Throws std::invalid_argument where `state` is none that this configuration could reach.
  void restore(const State& state);

 private:
  void shrink();

  LossScaleConfig config_;
  State state_;
};

}  // namespace train
