#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace model {

/// How the rows of a micro-batch lie in its tensors.
enum class RowLayout {
  kPadded,  ///< padded_length rows for every sequence; [batch, padded_length, ...] tensors
  kPacked,  ///< as many rows as the sequence has tokens; [rows, ...] tensors
};

/// Where the sequences of a micro-batch lie in its tensors. On the host, known before any device
/// work, never read back from a device.
struct SequenceLayout {
  int64_t batch = 0;
  int64_t padded_length = 0;     ///< rows per sequence when padded
  std::vector<int64_t> lengths;  ///< [batch] real tokens of each sequence, 0..padded_length
  int64_t first_sequence = 0;    ///< index of the first sequence in the global batch
  RowLayout row_layout = RowLayout::kPadded;
  /// [batch + 1] first row of each sequence and the end of the last: prefix sums of padded_length
  /// when padded, of the lengths when packed. A packed sequence of length 0 has no rows.
  std::vector<int64_t> offsets;
  /// Additive key-padding mask [batch, 1, 1, padded_length] in the activations' dtype, 0 for real
  /// tokens and kMaskedScore for padding, built once a micro-batch for layers that want it as a
  /// tensor. Undefined when packed.
  at::Tensor additive_mask;
  /// `offsets`, then `lengths`, in the memory of a device other than the CPU, for kernels that look
  /// them up there: device_rows(), once a micro-batch. Undefined on the CPU.
  at::Tensor device_rows;

  bool packed() const { return row_layout == RowLayout::kPacked; }
  int64_t rows() const { return offsets.back(); }
  /// Sizes of a tensor that holds `columns` for each row.
  std::vector<int64_t> sizes(int64_t columns) const {
    return packed() ? std::vector<int64_t>{rows(), columns}
                    : std::vector<int64_t>{batch, padded_length, columns};
  }
};

/// What is added to the score of padding: exp(-10000 - maximum) is 0 in every dtype here.
inline constexpr double kMaskedScore = -10000.0;

/// The layout of sequences of `lengths`, without the mask.
SequenceLayout make_layout(std::vector<int64_t> lengths, int64_t padded_length,
                           int64_t first_sequence, RowLayout row_layout);

/// SequenceLayout::device_rows, int64 [2 batch + 1], copied to `device`.
at::Tensor device_rows(const SequenceLayout& layout, at::Device device);

}  // namespace model
