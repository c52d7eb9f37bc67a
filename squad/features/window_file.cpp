#include "squad/features/window_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "checkpoint/safetensors_writer.h"
#include "squad/squad_error.h"

namespace squad {

using checkpoint::bytes_of;
using checkpoint::Dtype;
using checkpoint::TensorView;

void write_window_file(const std::filesystem::path& file, const WindowSet& set,
                       const std::map<std::string, std::string>& metadata) {
  if (set.windows.empty()) {
    throw SquadError(fmt::format("{}: there is no window to write", file.string()));
  }
  const std::size_t count = set.windows.size();
  const auto length = static_cast<std::size_t>(set.options.max_seq_length);
  std::vector<int32_t> ids(count * length, 0);
  std::vector<uint8_t> mask(count * length, 0);
  std::vector<uint8_t> types(count * length, 0);
  std::vector<int32_t> starts(count);
  std::vector<int32_t> ends(count);
  std::vector<int32_t> indices(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Window& window = set.windows[i];
    const auto row = static_cast<std::ptrdiff_t>(i * length);
    const std::size_t tokens = window.input_ids.size();
    const auto before = static_cast<std::size_t>(window.paragraph_begin);
    std::copy(window.input_ids.begin(), window.input_ids.end(), ids.begin() + row);
    std::fill_n(mask.begin() + row, tokens, uint8_t{1});
    std::fill_n(types.begin() + row + window.paragraph_begin, tokens - before, uint8_t{1});
    starts[i] = window.start_position;
    ends[i] = window.end_position;
    indices[i] = static_cast<int32_t>(i);
  }
  const auto rows = static_cast<int64_t>(count);
  const std::vector<int64_t> matrix = {rows, set.options.max_seq_length};
  std::vector<TensorView> tensors = {{"input_ids", Dtype::kI32, matrix, bytes_of(ids)},
                                     {"attention_mask", Dtype::kU8, matrix, bytes_of(mask)},
                                     {"token_type_ids", Dtype::kU8, matrix, bytes_of(types)},
                                     {"feature_index", Dtype::kI32, {rows}, bytes_of(indices)}};
  if (set.training) {
    tensors.push_back({"start_positions", Dtype::kI32, {rows}, bytes_of(starts)});
    tensors.push_back({"end_positions", Dtype::kI32, {rows}, bytes_of(ends)});
  }
  checkpoint::write_safetensors(file, std::move(tensors), metadata);
}

}  // namespace squad
