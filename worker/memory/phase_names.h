#pragma once

#include <string_view>

#include "harness/protocol/record.h"
#include "train/phase_observer.h"

namespace worker {

inline harness::Phase protocol_phase(train::Phase phase) {
  switch (phase) {
    case train::Phase::kSetup:
      return harness::Phase::kSetup;
    case train::Phase::kForward:
      return harness::Phase::kForward;
    case train::Phase::kBackward:
      return harness::Phase::kBackward;
    case train::Phase::kOptimizer:
      return harness::Phase::kOptimizer;
  }
  return harness::Phase::kSetup;
}

/// The phase as records write it.
inline std::string_view phase_name(train::Phase phase) {
  return harness::to_string(protocol_phase(phase));
}

}  // namespace worker
