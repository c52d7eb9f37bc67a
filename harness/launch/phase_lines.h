#pragma once

#include <string>
#include <string_view>

#include "harness/protocol/record.h"

namespace harness {

/// What a worker wrote to standard error, its lines "phase: NAME" and "where: TEXT"
/// (docs/worker_protocol.md) apart.
struct WorkerWords {
  Phase phase = Phase::kSetup;  ///< of the last such line, or setup where there is none
  std::string where;            ///< of the last such line; empty where there is none
  std::string messages;         ///< the other lines
};

WorkerWords split_phase_lines(std::string_view error_tail);

}  // namespace harness
