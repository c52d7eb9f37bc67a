#pragma once

#include <filesystem>
#include <string>

namespace checkpoint {

/// A file in the folder of a training's checkpoints, beside them.
inline constexpr const char* kLatestTag = "latest";

/// The name in `latest`, a file that says which folder beside it holds the newest checkpoint: one
/// name, which a file from elsewhere cannot use to point elsewhere. Throws CheckpointError.
std::string read_latest_tag(const std::filesystem::path& latest);

/// Writes `latest`, whole or not at all. Throws CheckpointError.
void write_latest_tag(const std::filesystem::path& latest, const std::string& tag);

}  // namespace checkpoint
