#pragma once

#include <cstdint>

#include "apps/bert_squad/training/train_options.h"
#include "train/config/engine_config.h"

namespace apps {

/// What the engine does: the configuration file's values, those of the command line before them
/// (batches, learning rate, precision, steps between prints; the flags of both together). The
/// published program has its learning rate from the command line too, batches, precision and
/// clipping from the file. Without a scheduler in the file, the learning rate is its warmup_linear.
///
/// Sets what `options.model` leaves to the file: flags and precision. Throws what
/// read_deepspeed_config throws, and harness::UsageError where stochastic_mode is not allowed, or
/// --warmup_proportion meets a scheduler of the file.
train::EngineConfig training_config(TrainOptions& options, int64_t processes);

/// Optimizer steps of the whole training: `windows` seen `epochs` times, the last step full.
int64_t total_steps(int64_t windows, double epochs, int64_t global_batch);

}  // namespace apps
