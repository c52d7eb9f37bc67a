#pragma once

#include <cstdint>
#include <string_view>

#include "harness/protocol/record.h"

namespace harness {

/// What a line of a worker's standard error begins with that answers where it is.
inline constexpr std::string_view kWherePrefix = "where: ";

/// From now on SIGUSR1 makes this process write one line to standard error that says what was
/// reported last: "where: backward, step 7 of 12", "where: setup". The driver asks before it kills
/// a worker that takes too long (docs/worker_protocol.md).
void answer_whereabouts();

/// Cheap enough for every step: a store. `step` counts from 1; 0 of 0: none has begun.
void report_step(int64_t step, int64_t steps);
void report_phase(Phase phase);

}  // namespace harness
