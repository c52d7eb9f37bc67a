#pragma once

#include "json/node.h"
#include "train/config/schedule_config.h"

namespace train {

/// The object "scheduler" of a DeepSpeed configuration: {"type": ..., "params": {...}}, of an
/// optimizer with this learning rate. Throws json::Error where a value cannot be used, a parameter
/// belongs to another type, or WarmupDecayLR is without total_num_steps.
ScheduleConfig read_scheduler(const json::Node& node, double learning_rate);

}  // namespace train
