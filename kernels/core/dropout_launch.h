#pragma once

#include "kernels/core/device_dropout.h"
#include "kernels/core/dropout_bits.h"

namespace kernels {

/// For a launcher.
inline DeviceDropout device_dropout(const DropoutStream& stream) {
  const PhiloxKey key = dropout_key(stream, 0);
  return {stream.seed,
          stream.step,
          static_cast<uint64_t>(stream.first_sequence),
          static_cast<uint32_t>(stream.layer),
          stream.site,
          stream.enabled() ? dropout_threshold(stream.probability) : 0,
          stream.enabled() ? static_cast<float>(dropout_scale(stream.probability)) : 1,
          key[0],
          key[1],
          stream.step_on_device};
}

}  // namespace kernels
