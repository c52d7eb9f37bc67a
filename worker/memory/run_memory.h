#pragma once

#include <cstdint>
#include <optional>

#include "harness/protocol/memory_footprint.h"
#include "train/phase_observer.h"

namespace worker {

/// How a device's memory is given out during a run.
struct RunOptions {
  std::optional<int64_t> limit_bytes;  ///< of the device that the run stands for
  bool poison = false;                 ///< every new block holds NaN in any float dtype
};

/// An allocation that was refused.
struct Refusal {
  enum class Reason {
    kLimit,    ///< it would have exceeded RunOptions::limit_bytes
    kDevice,   ///< the device had no room, whatever the limit
    kMachine,  ///< the machine's own memory would have run short
  };
  Reason reason = Reason::kLimit;
  harness::OutOfMemory detail;
  train::Phase phase = train::Phase::kSetup;
  int64_t device_free_bytes = 0;  ///< of kDevice: what the device had left
};

}  // namespace worker
