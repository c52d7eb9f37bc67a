#include "model/sequence_layout.h"

#include <utility>

#include "model/host_copy.h"

namespace model {

SequenceLayout make_layout(std::vector<int64_t> lengths, int64_t padded_length,
                           int64_t first_sequence, RowLayout row_layout) {
  SequenceLayout layout;
  layout.batch = static_cast<int64_t>(lengths.size());
  layout.padded_length = padded_length;
  layout.lengths = std::move(lengths);
  layout.first_sequence = first_sequence;
  layout.row_layout = row_layout;
  layout.offsets = {0};
  for (const int64_t length : layout.lengths) {
    layout.offsets.push_back(layout.rows() + (layout.packed() ? length : padded_length));
  }
  return layout;
}

at::Tensor device_rows(const SequenceLayout& layout, at::Device device) {
  std::vector<int64_t> rows = layout.offsets;
  rows.insert(rows.end(), layout.lengths.begin(), layout.lengths.end());
  return tensor_of(rows, at::kLong, {static_cast<int64_t>(rows.size())},
                   at::TensorOptions().dtype(at::kLong).device(device));
}

}  // namespace model
