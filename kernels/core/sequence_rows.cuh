#pragma once

// Where a row of sequence_rows.h belongs on a device, and its dropout bits.

#include "kernels/core/dropout.cuh"
#include "kernels/core/sequence_rows.h"

namespace kernels {

struct RowPlace {
  int64_t sequence;
  int64_t head;
  int64_t position;
};

/// Of `row` among the blocks [heads, length(b), columns] that follow each other for the sequences
/// b: RowCursor's.
__device__ __forceinline__ RowPlace place_of_row(const SequenceRows& sequences, int64_t row,
                                                 int64_t heads = 1) {
  const int64_t* offsets = sequences.on_device;
  const int64_t row_of_head = (heads == 1 ? row : row / heads) + offsets[0];
  // The last sequence that begins at or before the row: others that begin there are empty.
  int64_t low = 0;
  int64_t high = sequences.batch;
  while (high - low > 1) {
    const int64_t middle = (low + high) / 2;
    if (offsets[middle] <= row_of_head) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const int64_t begin = offsets[low] - offsets[0];
  if (heads == 1) return {low, 0, row - begin};
  const int64_t length = offsets[low + 1] - offsets[low];
  const int64_t in_sequence = row - heads * begin;
  return {low, in_sequence / length, in_sequence % length};
}

/// The bits of the chunk at column `first` of a row of hidden states, which have one head; `key` is
/// head 0's.
__device__ __forceinline__ KeepBits hidden_keep_bits(const DeviceDropout& dropout, DropoutKey key,
                                                     const RowPlace& place, int64_t first) {
  return {dropout, key, place.sequence, place.position, first / kChunkColumns};
}

}  // namespace kernels
