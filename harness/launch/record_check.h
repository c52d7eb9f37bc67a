#pragma once

#include <string>

#include "harness/protocol/record.h"

namespace harness {

/// The record in a worker's output of one round of `cell` that ran for `seconds` in all. Throws
/// ProtocolError, in one line, where the output is not one record, or the record is not what was
/// asked for or cannot be true: another cell, round, repro line or count of steps, sequences or
/// tokens; a step that took no time; of a foreign worker steps that took longer than it lived;
/// memory that check_footprint() refuses, or of a passed round over the cell's limit; a phase or a
/// refused allocation of a passed round, or no phase of another; an environment or build that is no
/// object or larger than kDescriptionBytes.
Record parse_record(const std::string& output, const Cell& cell, int64_t round, double seconds);

/// As JSON, of the environment and the build together: every record is kept until the reports are
/// written.
inline constexpr std::size_t kDescriptionBytes = 64 * 1024;

}  // namespace harness
