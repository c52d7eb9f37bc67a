#include "harness/spec/data_spec.h"

#include <fmt/format.h>

#include "checkpoint/safetensors.h"

namespace harness {
namespace {

using checkpoint::Dtype;

struct WindowTensor {
  const char* name;
  Dtype dtype;
  std::size_t rank;
};

constexpr WindowTensor kWindowTensors[] = {
    {"input_ids", Dtype::kI32, 2},     {"attention_mask", Dtype::kU8, 2},
    {"token_type_ids", Dtype::kU8, 2}, {"start_positions", Dtype::kI32, 1},
    {"end_positions", Dtype::kI32, 1},
};

/// Length of the windows in `file`. Throws SafetensorsError where it is no file of windows.
int64_t read_window_length(const std::string& file) {
  const checkpoint::SafetensorsHeader header = checkpoint::read_safetensors_header(file);
  const std::vector<int64_t>& shape = header.at("input_ids").shape;
  for (const auto& [name, dtype, rank] : kWindowTensors) {
    const checkpoint::TensorInfo& tensor = header.at(name);
    if (tensor.dtype != dtype || tensor.shape.size() != rank || tensor.shape[0] != shape[0] ||
        tensor.shape.back() != (rank == 2 ? shape[1] : shape[0]) || tensor.elements() == 0) {
      throw checkpoint::SafetensorsError(fmt::format(
          "{}: tensor '{}' is not {} of {} dimension(s) with as many windows as 'input_ids'", file,
          name, checkpoint::dtype_name(dtype), rank));
    }
  }
  return shape[1];
}

}  // namespace

DataSource read_data(const SpecNode& node, const SweepSpec& spec) {
  node.only_keys({"source", "file"});
  DataSource data;
  data.source = node.at("source").name_among({"windows"}, "data source");
  const SpecNode file = node.at("file");
  data.file = file.existing_file().string();
  int64_t window_length = 0;
  try {
    window_length = read_window_length(data.file);
  } catch (const checkpoint::SafetensorsError& error) {
    file.fail(error.what(), "give a complete safetensors file of windows");
  }
  for (const int64_t length : spec.sequence_lengths) {
    if (length > window_length) {
      file.fail(fmt::format("the windows of {} have {} tokens, fewer than the sequence length {}",
                            data.file, window_length, length),
                "use shorter sequences, or a file of longer windows");
    }
  }
  return data;
}

}  // namespace harness
