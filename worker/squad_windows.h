#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "harness/protocol/data_source.h"
#include "model/window.h"

namespace worker {

/// The training windows of `data`, of the source "squad", each of up to `sequence_length` tokens.
/// Read from `cache` where an earlier process left them there, otherwise made and stored there;
/// without a cache made each time. Throws squad::SquadError, files::FileError and
/// checkpoint::CheckpointError, each one line that names the file.
std::vector<model::Window> squad_windows(const harness::DataSource& data, int64_t sequence_length,
                                         const std::optional<std::filesystem::path>& cache);

}  // namespace worker
