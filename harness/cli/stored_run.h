#pragma once

#include <filesystem>
#include <iosfwd>

#include "harness/store/run_directory.h"

namespace harness {

/// read_run(), with what it warns of on `error`.
StoredRun read_run_aloud(const std::filesystem::path& directory, std::ostream& error);

}  // namespace harness
