#pragma once

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "tests/kernels/support/sequences.h"

namespace kernels::testing {

/// Sequences whose offsets lie in the device's memory, too.
class DeviceSequences {
 public:
  explicit DeviceSequences(const Sequences& sequences)
      : sequences_(sequences), offsets_("offsets", sequences.offsets) {}

  SequenceRows view() const {
    SequenceRows rows = sequences_.view();
    rows.on_device = offsets_.data();
    return rows;
  }

 private:
  Sequences sequences_;
  cuda_emulator::DeviceBuffer<int64_t> offsets_;
};

}  // namespace kernels::testing
