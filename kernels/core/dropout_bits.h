#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/core/dropout_stream.h"
#include "kernels/core/philox.h"

namespace kernels {

/// Of 65536 equally likely values the first `threshold` drop. At most 65535, so that the scale
/// stays finite for a probability next to 1.
inline uint32_t dropout_threshold(double probability) {
  const double values = std::round(probability * 65536);
  return static_cast<uint32_t>(std::clamp(values, 0.0, 65535.0));
}

/// The inverse of the exact probability of keeping an element.
inline double dropout_scale(double probability) {
  return 65536.0 / (65536 - dropout_threshold(probability));
}

/// The Philox key of one head's bits; hidden states are head 0.
inline PhiloxKey dropout_key(const DropoutStream& stream, int64_t head) {
  const PhiloxCounter counter = {
      static_cast<uint32_t>(stream.step), static_cast<uint32_t>(stream.step >> 32),
      static_cast<uint32_t>(stream.layer), stream.site | static_cast<uint32_t>(head) << 8};
  const PhiloxCounter words = philox4x32(
      counter, {static_cast<uint32_t>(stream.seed), static_cast<uint32_t>(stream.seed >> 32)});
  return {words[0], words[1]};
}

/// The bit of one element, exactly as dropout_stream.h defines it; `sequence` counts from the
/// stream's first_sequence. The reference for the vector generator.
inline bool keep(const DropoutStream& stream, int64_t sequence, int64_t head, int64_t row,
                 int64_t column) {
  if (!stream.enabled()) return true;
  const auto index = static_cast<uint64_t>(stream.first_sequence + sequence);
  const PhiloxCounter words = philox4x32(
      {static_cast<uint32_t>(column / 128 * 16 + column % 16), static_cast<uint32_t>(row),
       static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32)},
      dropout_key(stream, head));
  const int64_t k = column / 16 % 8;
  const uint32_t uniform = words[static_cast<size_t>(k / 2)] >> (k % 2 * 16) & 0xffffU;
  return uniform >= dropout_threshold(stream.probability);
}

}  // namespace kernels
