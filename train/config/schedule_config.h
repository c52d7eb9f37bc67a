#pragma once

#include <cstdint>
#include <optional>
#include <variant>

namespace train {

/// One learning rate for all steps.
struct ConstantSchedule {
  double learning_rate = 1e-3;
};

enum class WarmupShape { kLog, kLinear };

/// DeepSpeed's WarmupLR: from `minimum` to `maximum` over `warmup_steps` steps, then `maximum`.
struct WarmupSchedule {
  double minimum = 0;
  double maximum = 1e-3;
  int64_t warmup_steps = 1000;  ///< 1 counts as 2
  WarmupShape shape = WarmupShape::kLog;
};

/// DeepSpeed's WarmupDecayLR: the same, then in a straight line to `minimum` at `total_steps`.
struct WarmupDecaySchedule {
  WarmupSchedule warmup;
  int64_t total_steps = 0;
};

/// The published fine-tuning program's warmup_linear: in a straight line from 0 over the first
/// `warmup_proportion` of the steps, then maximum * (1 - step / total_steps). The two lines do not
/// meet: at a proportion of 0.1 the rate falls from `maximum` to 0.9 of it in one step.
struct WarmupLinearSchedule {
  double maximum = 1e-3;
  double warmup_proportion = 0.1;
  std::optional<int64_t> total_steps;  ///< none: as many as the run has, which the caller fills in
};

using ScheduleConfig =
    std::variant<ConstantSchedule, WarmupSchedule, WarmupDecaySchedule, WarmupLinearSchedule>;

}  // namespace train
