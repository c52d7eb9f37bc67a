#pragma once

#include <string>
#include <string_view>

#include "harness/protocol/record.h"

namespace harness {

/// What a worker wrote to standard error, its lines "phase: NAME" (docs/worker_protocol.md) apart.
struct WorkerWords {
  Phase phase = Phase::kSetup;  ///< of the last such line, or setup where there is none
  std::string messages;         ///< the other lines
};

WorkerWords split_phase_lines(std::string_view error_tail);

}  // namespace harness
