#pragma once

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "kernels/core/sequence_rows.h"

namespace kernels::testing {

/// Sequences of the given lengths, one after another.
struct Sequences {
  std::vector<int64_t> offsets;

  explicit Sequences(const std::vector<int64_t>& lengths) : offsets(lengths.size() + 1, 0) {
    std::partial_sum(lengths.begin(), lengths.end(), offsets.begin() + 1);
  }
  /// A padded batch.
  Sequences(int64_t batch, int64_t length)
      : Sequences(std::vector<int64_t>(static_cast<size_t>(batch), length)) {}

  SequenceRows view() const { return {offsets.data(), static_cast<int64_t>(offsets.size()) - 1}; }
  int64_t rows() const { return offsets.back(); }
  std::string name() const {
    std::string text = "offsets";
    for (const int64_t offset : offsets) text += " " + std::to_string(offset);
    return text;
  }
};

/// Empty first, last and between, of one row, and of more.
inline Sequences ragged_sequences() {
  return Sequences({0, 5, 1, 0, 0, 33, 7, 0});
}

}  // namespace kernels::testing
