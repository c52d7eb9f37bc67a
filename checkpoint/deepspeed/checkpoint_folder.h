#pragma once

#include <filesystem>

namespace checkpoint::deepspeed {

/// Whether `folder` looks like DeepSpeed's: it has a file `latest`, or model states itself.
bool is_checkpoint_folder(const std::filesystem::path& folder);

/// The file with the model's weights in a checkpoint folder of DeepSpeed: `latest` holds a tag,
/// <tag>/mp_rank_00_model_states.pt the weights; `folder` may be <tag> itself. Throws
/// CheckpointError: a tag that is no name of a folder, files missing, weights split over several
/// processes (model parallel, or ZeRO stage 3).
std::filesystem::path model_states_file(const std::filesystem::path& folder);

}  // namespace checkpoint::deepspeed
