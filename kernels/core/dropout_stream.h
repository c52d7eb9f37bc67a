#pragma once

#include <cstdint>

namespace kernels {

/// Names a stream of dropout bits and says what to drop.
///
/// The bit of an element is a pure function of (seed, step, layer, site, head, index of the
/// sequence in the global batch, padded row, padded column), so it is the same on every device, for
/// packed and padded layouts, for any split into micro-batches, and when it is recomputed:
///
///   key(head)  = Philox4x32-10(counter = {step lo, step hi, layer, site | head << 8}, key = seed),
///                first two words
///   word[0..3] = Philox4x32-10(counter = {column / 128 * 16 + column % 16, row, sequence lo,
///                sequence hi}, key = key(head))
///   k          = column / 16 % 8;  uniform = 16 bits of word[k / 2], low half first
///   keep       = uniform >= threshold,  threshold = round(probability * 65536)
///
/// Sixteen neighbouring columns come from sixteen neighbouring counters, so a vector of counters
/// gives contiguous columns. Philox: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
/// SC'11.
struct DropoutStream {
  uint64_t seed = 0;
  uint64_t step = 0;
  int64_t layer = 0;
  uint32_t site = 0;
  double probability = 0;      ///< of dropping, 0 <= p < 1
  int64_t first_sequence = 0;  ///< index in the global batch of sequence 0 of this call
  /// CUDA: where the device's memory has the step, so that kernels that were recorded once (a CUDA
  /// graph) run for any; null: it is `step`.
  const int64_t* step_on_device = nullptr;

  bool enabled() const { return probability > 0; }
};

}  // namespace kernels
