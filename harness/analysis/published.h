#pragma once

#include <filesystem>

#include "harness/protocol/run_info.h"

namespace harness {

/// Read tables that others published (sweeps/published/*.csv). Columns, all required:
///
///   table                          "source", "speedup" or "requirement"
///   memory_limit_bytes             of the device; empty for "source"
///   micro_batch                    speedup: of the line; requirement: the line is for larger ones
///   baseline_samples_per_second    speedup only; a number or "out_of_memory"; never empty, as an
///                                  unknown rate is no reason to compare with another micro-batch's
///   candidate_samples_per_second   the same
///   speedup                        speedup only: as printed; may be empty
///   text                           source: where it was published; requirement: the flags, joined
///                                  by '+', "none" or "out_of_memory"
///
/// One "source" line; lines that start with '#' and empty ones do not count.
/// Throws UsageError, one line with file and line number, on anything else.
PublishedTables read_published(const std::filesystem::path& file);

}  // namespace harness
