#pragma once

#include <cstdint>
#include <optional>

#include "json/node.h"

namespace train {

/// How a global batch is cut, in sequences: global = micro * accumulation_steps * processes.
struct BatchSizes {
  int64_t global = 1;
  int64_t micro = 1;
  int64_t accumulation_steps = 1;
};

/// Batches that come before the file's, as a command line gives them.
struct BatchOverrides {
  std::optional<int64_t> global = {};
  std::optional<int64_t> micro = {};
};

/// The keys train_batch_size, train_micro_batch_size_per_gpu and gradient_accumulation_steps of
/// `root`. As in DeepSpeed, of two given the third follows; of train_batch_size alone one
/// accumulation step; of the micro-batch alone a global batch of one micro-batch a process. A batch
/// of `overrides` stands in the place of the file's, and where both batches are then there the
/// accumulation steps follow, whatever the file says of them. Throws json::Error where neither
/// batch is given, or the product over `processes` is not the global batch.
BatchSizes read_batch_sizes(const json::Node& root, int64_t processes,
                            const BatchOverrides& overrides = {});

}  // namespace train
