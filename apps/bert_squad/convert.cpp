#include "apps/bert_squad/convert.h"

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "checkpoint/names/bert_file.h"
#include "checkpoint/open_checkpoint.h"
#include "checkpoint/printable.h"
#include "checkpoint/safetensors_writer.h"

namespace apps {
namespace {

using checkpoint::names::BertFile;

struct ConvertOptions {
  std::filesystem::path checkpoint;
  std::filesystem::path out;
  bool pad_vocabulary = false;
};

/// The rows of the word embeddings, rounded up to a multiple of 8.
std::optional<int64_t> padded_vocabulary(const BertFile& file) {
  const auto words = file.find("bert.embeddings.word_embeddings.weight");
  if (!words || file.tensors()[*words].shape.empty()) return std::nullopt;
  return (file.tensors()[*words].shape[0] + 7) / 8 * 8;
}

void convert(const ConvertOptions& options) {
  const std::shared_ptr<const checkpoint::TensorFile> source =
      checkpoint::open_checkpoint(options.checkpoint);
  std::optional<int64_t> vocabulary;
  if (options.pad_vocabulary) vocabulary = padded_vocabulary(BertFile(source));
  const BertFile file(source, vocabulary);
  std::vector<std::vector<std::byte>> bytes;
  std::vector<checkpoint::TensorView> tensors;
  for (size_t i = 0; i < file.tensors().size(); ++i) {
    const checkpoint::TensorEntry& tensor = file.tensors()[i];
    bytes.push_back(file.read(i));
    tensors.push_back({tensor.name, tensor.dtype, tensor.shape, bytes.back()});
  }
  // HuggingFace's loader asks for the framework.
  checkpoint::write_safetensors(options.out, std::move(tensors), {{"format", "pt"}});
  for (const std::string& name : file.unknown()) {
    fmt::print(stderr, "bert_squad: left out {}, which is no weight of BERT\n",
               checkpoint::printable(name));
  }
  std::cout << fmt::format("{}: {} tensors of {} ({})\n", options.out.string(),
                           file.tensors().size(), file.file(), file.format());
}

}  // namespace

void add_convert(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "convert", "Write a checkpoint of any format as safetensors with HuggingFace's names");
  const auto options = std::make_shared<ConvertOptions>();
  command->add_option("CHECKPOINT", options->checkpoint, "as for inspect")->required();
  command->add_option("OUT", options->out, "safetensors file to write")->required();
  command->add_flag("--pad_vocabulary", options->pad_vocabulary,
                    "add rows of zeros to the word embeddings up to a multiple of 8");
  command->callback([options] { convert(*options); });
}

}  // namespace apps
