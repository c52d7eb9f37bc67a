#pragma once

#include <algorithm>
#include <cstdint>

namespace kernels {

/// Where the sequences of a micro-batch lie among the rows of a [rows, columns] tensor, in order
/// and without gaps: the rows of sequence b are [begin(b), begin(b + 1)). Padded and packed
/// micro-batches differ in nothing else. A sequence may be empty. Rows count from the first
/// sequence's, so that `{offsets + b, n}` are n sequences by themselves.
struct SequenceRows {
  const int64_t* offsets;  ///< [batch + 1], ascending
  int64_t batch;
  const int64_t* on_device = nullptr;  ///< CUDA: `offsets` in the device's memory, too

  int64_t begin(int64_t sequence) const { return offsets[sequence] - offsets[0]; }
  int64_t length(int64_t sequence) const { return offsets[sequence + 1] - offsets[sequence]; }
  int64_t rows() const { return begin(batch); }

  /// The sequence of `row`, 0 <= row < rows().
  int64_t sequence_of(int64_t row) const {
    return std::upper_bound(offsets, offsets + batch + 1, row + offsets[0]) - offsets - 1;
  }
};

/// Walks up the rows of [rows, columns], or with `heads` those of the blocks
/// [heads, length(b), columns] that follow each other for the sequences b, from `row` on, and knows
/// where each belongs. There must be a `row` to begin with.
class RowCursor {
 public:
  RowCursor(const SequenceRows& sequences, int64_t row, int64_t heads = 1)
      : sequences_(sequences),
        heads_(heads),
        sequence_(sequences.sequence_of(row / heads)),
        length_(sequences.length(sequence_)),
        head_((row - heads * sequences.begin(sequence_)) / length_),
        position_((row - heads * sequences.begin(sequence_)) % length_) {}

  int64_t sequence() const { return sequence_; }
  int64_t head() const { return head_; }
  int64_t position() const { return position_; }

  /// To the next row, if there is one.
  void advance() {
    if (++position_ < length_) return;
    position_ = 0;
    if (++head_ < heads_) return;
    head_ = 0;
    do {
      ++sequence_;
      length_ = sequence_ < sequences_.batch ? sequences_.length(sequence_) : 1;
    } while (length_ == 0);
  }

 private:
  SequenceRows sequences_;
  int64_t heads_;
  int64_t sequence_;
  int64_t length_;
  int64_t head_;
  int64_t position_;
};

}  // namespace kernels
