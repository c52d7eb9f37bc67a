#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace harness {

/// The run directories of a sweep below runs/, the newest first; those that hold no records are
/// left out. Empty where there are none.
std::vector<std::filesystem::path> earlier_runs(const std::string& name);

}  // namespace harness
