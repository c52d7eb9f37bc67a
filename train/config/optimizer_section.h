#pragma once

#include "json/node.h"
#include "train/config/engine_config.h"

namespace train {

/// The object "optimizer" of a DeepSpeed configuration: {"type": ..., "params": {...}}. The type in
/// upper or lower case. Throws json::Error where a value cannot be used, or one of Lamb's own
/// parameters goes with another type.
OptimizerConfig read_optimizer(const json::Node& node);

}  // namespace train
