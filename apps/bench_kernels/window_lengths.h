#pragma once

#include <cstdint>
#include <vector>

namespace apps {

/// Real tokens of `batch` windows of SQuAD that stand for all of them: evenly spaced quantiles of
/// the lengths in sweeps/data/squad_train_384_512.safetensors, cut to `sequence`. `batch` is 1, 2,
/// 4 or 8, or a multiple of 8, for which those of 8 come again and again. Throws
/// std::invalid_argument for another batch.
std::vector<int64_t> window_lengths(int64_t batch, int64_t sequence);

}  // namespace apps
