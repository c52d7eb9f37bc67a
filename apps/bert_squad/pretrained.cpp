#include "apps/bert_squad/pretrained.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/registry.h"
#include "checkpoint/open_checkpoint.h"
#include "checkpoint/printable.h"
#include "harness/harness_error.h"
#include "harness/spec/bert_config.h"
#include "model/weight_file.h"
#include "worker/cell_model.h"
#include "worker/device/devices.h"

namespace apps {
namespace {

using std::filesystem::path;

constexpr int64_t kVocabularyMultiple = 8;

int64_t padded(int64_t vocabulary) {
  return (vocabulary + kVocabularyMultiple - 1) / kVocabularyMultiple * kVocabularyMultiple;
}

path folder_of(const path& weights) {
  std::error_code ignored;
  return std::filesystem::is_directory(weights, ignored) ? weights : weights.parent_path();
}

path config_of(const ModelOptions& options) {
  if (!options.config.empty()) return options.config;
  const path folder = folder_of(options.weights);
  std::error_code ignored;
  for (const char* const name : {"config.json", "bert_config.json"}) {
    if (std::filesystem::exists(folder / name, ignored)) return folder / name;
  }
  throw harness::UsageError(fmt::format(
      "{}: neither config.json nor bert_config.json lies beside these weights; give BERT's "
      "configuration by --origin_bert_config_file",
      options.weights.string()));
}

void check_type(const checkpoint::TensorFile& file, const ModelOptions& options) {
  using namespace checkpoint::names;
  const CheckpointType found = type_of(file);
  if (!options.type || *options.type == found) return;
  throw harness::UsageError(
      fmt::format("{}: its names and format are those of --ckpt_type {}, not "
                  "{}; leave --ckpt_type out, or give the file that you mean",
                  file.file(), type_name(found), type_name(*options.type)));
}

/// The first of `names`, which are whatever the file says, and how many more there are.
std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kShown = 8;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + checkpoint::printable(names[i]);
  }
  return names.size() > kShown ? fmt::format("{} and {} more", text, names.size() - kShown) : text;
}

at::Device device_of(const ModelOptions& options, int local_rank) {
  if (options.device == "cpu") return at::kCPU;
  if (const std::string reason = worker::absence_of(options.device); !reason.empty()) {
    throw harness::UsageError(fmt::format("--device {}: {}", options.device, reason));
  }
  return {at::kCUDA, static_cast<c10::DeviceIndex>(local_rank)};
}

}  // namespace

Pretrained open_pretrained(const ModelOptions& options) {
  std::shared_ptr<const checkpoint::TensorFile> source =
      checkpoint::open_checkpoint(options.weights);
  check_type(*source, options);
  Pretrained pretrained;
  pretrained.config_file = config_of(options);
  harness::ModelShape shape = harness::read_bert_config(pretrained.config_file);
  if (options.pre_layer_norm) shape.layer_norm = "pre";
  if (shape.hidden % shape.heads != 0) {
    throw harness::UsageError(fmt::format("{}: hidden_size {} cannot be split among {} heads",
                                          pretrained.config_file.string(), shape.hidden,
                                          shape.heads));
  }
  if (options.pad_vocabulary) shape.vocabulary = padded(shape.vocabulary);
  pretrained.config = worker::bert_config(shape);
  pretrained.file =
      std::make_unique<checkpoint::names::BertFile>(std::move(source), shape.vocabulary);
  return pretrained;
}

path vocabulary_beside(const ModelOptions& options, const path& given) {
  if (!given.empty()) return given;
  const path beside = folder_of(options.weights) / "vocab.txt";
  std::error_code ignored;
  if (std::filesystem::exists(beside, ignored)) return beside;
  throw harness::UsageError(
      fmt::format("{}: no vocab.txt lies beside these weights; give theirs by --vocab_file",
                  options.weights.string()));
}

void check_fit(const Pretrained& pretrained, const squad::Vocabulary& vocabulary,
               const path& vocabulary_file, int64_t max_seq_length) {
  const auto words = static_cast<int64_t>(vocabulary.size());
  const model::BertConfig& config = pretrained.config;
  if (padded(words) != padded(config.vocabulary) || words > config.vocabulary) {
    throw harness::UsageError(fmt::format(
        "{}: {} words, but {} says {}; give the vocabulary that the model was trained with",
        vocabulary_file.string(), words, pretrained.config_file.string(), config.vocabulary));
  }
  if (max_seq_length > config.max_positions) {
    throw harness::UsageError(fmt::format("--max_seq_length is {}, but {} has only {} positions",
                                          max_seq_length, pretrained.config_file.string(),
                                          config.max_positions));
  }
}

LoadedModel load_model(const Pretrained& pretrained, const ModelOptions& options,
                       const std::string& precision, int local_rank) {
  const at::Device device = device_of(options, local_rank);
  if (device.is_cpu() && precision == "fp16") {
    throw harness::UsageError("fp16 is not computed on a CPU; give --precision bf16 or fp32");
  }
  const model::Registry all = registry();
  LoadedModel result;
  result.bert =
      std::make_unique<model::BertForSquad>(pretrained.config, *all.find(options.implementation),
                                            worker::bert_options(options.flags, precision, device));
  const model::LoadedWeights loaded =
      model::load_weights(*result.bert, *pretrained.file, options.seed);
  if (!loaded.initialized.empty()) {
    result.remarks.push_back(fmt::format("{} has no {}: initialized from seed {}",
                                         pretrained.file->file(), listed(loaded.initialized),
                                         options.seed));
  }
  if (!loaded.passed_by.empty()) {
    result.remarks.push_back(
        fmt::format("{}: not needed: {}", pretrained.file->file(), listed(loaded.passed_by)));
  }
  return result;
}

}  // namespace apps
