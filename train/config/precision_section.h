#pragma once

#include "json/node.h"
#include "train/config/engine_config.h"

namespace train {

struct PrecisionConfig {
  Precision precision = Precision::kFp32;
  LossScaleConfig loss_scale;
};

/// The objects "fp16" and "bf16" of a DeepSpeed configuration `root`. Throws json::Error where a
/// value cannot be used, or both are enabled.
PrecisionConfig read_precision(const json::Node& root);

}  // namespace train
