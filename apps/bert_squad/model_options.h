#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "checkpoint/names/checkpoint_type.h"

namespace apps {

/// Which model runs, and how, as the command line says it. Names are the published program's where
/// it has them.
struct ModelOptions {
  std::filesystem::path weights;
  std::optional<checkpoint::names::CheckpointType> type;  ///< what `weights` are said to be
  std::filesystem::path config;                           ///< empty: beside the weights
  bool pre_layer_norm = false;
  bool pad_vocabulary = false;
  std::string implementation;      ///< empty: kDefaultImplementation, or "fused" by `kernel`
  bool kernel = false;             ///< --deepspeed_transformer_kernel
  std::vector<std::string> flags;  ///< as given; check_model_options puts them in order
  std::string precision;           ///< empty: not given
  std::string device = "cpu";      ///< "cpu" or "cuda"
  int64_t threads = 0;             ///< 0: OMP_NUM_THREADS, or every processor
  uint64_t seed = 42;              ///< of what the weights lack
};

/// The published program's, too, is plain PyTorch unless told.
inline constexpr const char* kDefaultImplementation = "pytorch_tuned";

/// Adds --model_file, --ckpt_type, --origin_bert_config_file, --preln, --pad_vocabulary,
/// --implementation, --deepspeed_transformer_kernel, --flags, --precision, --device, --threads and
/// --seed; and --deepspeed, which changes nothing here: there is one engine.
void add_model_options(CLI::App& command, ModelOptions& options);

/// Resolves `implementation` and puts `flags` in order. Throws
/// harness::UsageError where an implementation or flag is not known, does not go with the others,
/// or --deepspeed_transformer_kernel contradicts --implementation.
void check_model_options(ModelOptions& options);

}  // namespace apps
