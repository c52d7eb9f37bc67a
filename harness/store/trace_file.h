#pragma once

#include <filesystem>
#include <string>

#include "harness/protocol/cell.h"

namespace harness {

/// Where a run directory keeps the trace of a cell, relative to it: "trace/", then what tells cells
/// apart at a glance, then the cell's key, which tells them apart for certain.
std::string trace_file(const Cell& cell);

/// Copies the traces of one run directory, if any, into another that lacks them. Throws
/// HarnessError.
void copy_traces(const std::filesystem::path& from, const std::filesystem::path& to);

/// Creates the folder of the traces. Throws HarnessError.
void create_trace_folder(const std::filesystem::path& run_directory);

}  // namespace harness
