#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/bert_squad/model_options.h"
#include "checkpoint/names/bert_file.h"
#include "model/bert_config.h"
#include "model/bert_for_squad.h"
#include "squad/text/vocabulary.h"

namespace apps {

/// A checkpoint and its configuration, held against each other; no weight is read yet.
struct Pretrained {
  std::unique_ptr<checkpoint::names::BertFile> file;
  model::BertConfig config;
  std::filesystem::path config_file;
};

/// Opens the weights and the configuration that `options` name. Throws CheckpointError (weights
/// that cannot be read, another vocabulary than the configuration's), harness::SpecError (the
/// configuration) and harness::UsageError (no configuration, or another type than --ckpt_type).
Pretrained open_pretrained(const ModelOptions& options);

/// `given`, or vocab.txt beside the weights where it is empty.
std::filesystem::path vocabulary_beside(const ModelOptions& options,
                                        const std::filesystem::path& given);

/// Throws harness::UsageError where the words are not as many as the configuration's, padding to a
/// multiple of 8 aside, or windows of `max_seq_length` tokens are longer than its positions.
void check_fit(const Pretrained& pretrained, const squad::Vocabulary& vocabulary,
               const std::filesystem::path& vocabulary_file, int64_t max_seq_length);

/// A model with its weights.
struct LoadedModel {
  std::unique_ptr<model::BertForSquad> bert;
  std::vector<std::string> remarks;  ///< for the user: weights that were not there, or not needed
};

/// `precision`: "fp32", "bf16", or on CUDA "fp16". `local_rank`: which of this machine's CUDA
/// devices it takes. Throws CheckpointError as model::load_weights, and harness::UsageError for
/// "fp16" on the CPU, which does not compute it, and for a device that is not there.
LoadedModel load_model(const Pretrained& pretrained, const ModelOptions& options,
                       const std::string& precision, int local_rank = 0);

}  // namespace apps
