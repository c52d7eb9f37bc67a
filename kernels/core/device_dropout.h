#pragma once

#include <cstdint>

namespace kernels {

/// A DropoutStream as kernels take it: what all elements share is computed on the host.
struct DeviceDropout {
  uint64_t seed;
  uint64_t step;
  uint64_t first_sequence;
  uint32_t layer;
  uint32_t site;
  uint32_t threshold;  ///< dropout_threshold's; 0: nothing is dropped, and no bits are made
  float scale;
  uint32_t key0;  ///< of head 0 in `step`
  uint32_t key1;
  const int64_t* step_on_device;  ///< read instead of `step`, unless null
};

}  // namespace kernels
