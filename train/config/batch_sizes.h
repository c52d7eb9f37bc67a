#pragma once

#include <cstdint>

#include "json/node.h"

namespace train {

/// How a global batch is cut, in sequences: global = micro * accumulation_steps * processes.
struct BatchSizes {
  int64_t global = 1;
  int64_t micro = 1;
  int64_t accumulation_steps = 1;
};

/// The keys train_batch_size, train_micro_batch_size_per_gpu and gradient_accumulation_steps of
/// `root`. As in DeepSpeed, of two given the third follows; of train_batch_size alone one
/// accumulation step; of the micro-batch alone a global batch of one micro-batch a process. Throws
/// json::Error where neither batch is given, or the product over `processes` is not the global
/// batch.
BatchSizes read_batch_sizes(const json::Node& root, int64_t processes);

}  // namespace train
