#pragma once

#include <filesystem>

#include "model/bert_for_squad.h"
#include "model/optimizer.h"
#include "train/checkpoint_metadata.h"
#include "train/engine.h"
#include "train/gradient_reduction.h"

namespace train {

/// A training run as its checkpoints see it.
struct CheckpointedRun {
  const model::BertForSquad& bert;
  model::Optimizer& optimizer;
  Engine& engine;
  /// What must be the same where the run goes on, besides the model and the number of processes:
  /// "configuration", "data", ... Files of other values are refused, by these names.
  Agreement agreement = {};
  GradientReduction* reduction = nullptr;  ///< the engine's; all its processes save and load
};

/// Saves all that the run needs to go on to the same bits as if it had never stopped: weights,
/// optimizer state, the engine's (its step, from which the place in the data and the keys of
/// dropout follow) and that of LibTorch's CPU generator. Between two steps, where all processes see
/// `folder`, which exists.
///
///     folder/latest                                    the newest checkpoint's name
///     folder/step-00000120/model.safetensors           weights, HuggingFace's names
///     folder/step-00000120/state-0-of-2.safetensors    a process's optimizer state and the rest
///
/// At any moment, whatever fails, `latest` names a whole checkpoint, and those saved before are as
/// they were: the folder is written under another name, synced, renamed (to step-00000120.1, ...,
/// where there is one already), then named by `latest`. Throws checkpoint::CheckpointError, in
/// every process where one of them fails, and leaves nothing of the new folder behind. Returns it.
std::filesystem::path save_engine_checkpoint(const std::filesystem::path& folder,
                                             const CheckpointedRun& run);

/// Whether there is a checkpoint to load in `folder`.
bool has_engine_checkpoint(const std::filesystem::path& folder);

/// Goes back to where the newest checkpoint was saved. Throws checkpoint::CheckpointError, before
/// anything of the run changes, where there is none, a file is missing, cut or damaged, or does not
/// agree with the run.
void load_engine_checkpoint(const std::filesystem::path& folder, const CheckpointedRun& run);

}  // namespace train
