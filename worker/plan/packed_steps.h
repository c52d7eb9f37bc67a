#pragma once

#include <cstdint>
#include <vector>

#include "model/window_dataset.h"

namespace worker {

/// Steps to plan so that the peak is that of training on steps 0 .. `steps` - 1 of packed batches,
/// in ascending order: step 0, which creates the optimizer's state, and of the others those with a
/// micro-batch that no other is larger than, in rows, in the sum of squared lengths and in the
/// longest sequence at once.
std::vector<uint64_t> largest_packed_steps(const model::WindowDataset& data, int64_t micro_batch,
                                           uint64_t steps);

}  // namespace worker
