#include "apps/bert_squad/inspect.h"

#include <filesystem>
#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checkpoint/open_checkpoint.h"
#include "checkpoint/printable.h"

namespace apps {
namespace {

struct InspectOptions {
  std::filesystem::path checkpoint;
  bool check = false;
};

/// A name is whatever the file says: without quotes, but safe on a terminal.
std::string shown(const std::string& name) {
  const std::string quoted = checkpoint::printable(name);
  return quoted.substr(1, quoted.size() - 2);
}

void inspect(const InspectOptions& options) {
  const auto file = checkpoint::open_checkpoint(options.checkpoint);
  uint64_t bytes = 0;
  for (const checkpoint::TensorEntry& tensor : file->tensors()) bytes += tensor.bytes;
  std::cout << fmt::format("{}: {}, {} tensors, {} bytes\n", file->file(), file->format(),
                           file->tensors().size(), bytes);
  for (size_t i = 0; i < file->tensors().size(); ++i) {
    const checkpoint::TensorEntry& tensor = file->tensors()[i];
    if (options.check) file->read(i);
    std::cout << fmt::format("{:<4} {:<16} {}\n", checkpoint::dtype_name(tensor.dtype),
                             fmt::format("[{}]", fmt::join(tensor.shape, ", ")),
                             shown(tensor.name));
  }
}

}  // namespace

void add_inspect(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("inspect", "List the tensors of a checkpoint of any format");
  const auto options = std::make_shared<InspectOptions>();
  command
      ->add_option("CHECKPOINT", options->checkpoint,
                   "file of PyTorch, safetensors or TensorFlow, or a folder of HuggingFace or "
                   "DeepSpeed")
      ->required();
  command->add_flag("--check", options->check, "read every tensor and check its checksum");
  command->callback([options] { inspect(*options); });
}

}  // namespace apps
