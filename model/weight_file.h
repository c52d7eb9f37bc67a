#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "checkpoint/names/bert_file.h"
#include "model/bert_for_squad.h"

namespace model {

/// What loading a file of weights left to say.
struct LoadedWeights {
  std::vector<std::string> initialized;  ///< weights that the file lacks, drawn from the seed
  std::vector<std::string> passed_by;    ///< tensors of the file that the model has no use for
};

/// Copy every weight of `bert` from `file`, one tensor at a time, rounded to the model's dtype. The
/// span head is initialized from `seed` where the file has none; all else must be there. Throws
/// checkpoint::CheckpointError, before any weight changes, as checkpoint::names::match_weights does
/// and for a weight of integers, and where a checksum does not hold.
LoadedWeights load_weights(BertForSquad& bert, const checkpoint::names::BertFile& file,
                           uint64_t seed);

/// Write all weights in the model's dtype under HuggingFace's names as a safetensors file, whole or
/// not at all (checkpoint::write_safetensors). The model is on the CPU.
void write_weights(const std::filesystem::path& file, const BertForSquad& bert);

}  // namespace model
