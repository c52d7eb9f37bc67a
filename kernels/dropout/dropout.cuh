#pragma once

// output = keep ? input * scale : 0 over a block [heads, length, columns] a sequence. A warp takes
// kDropoutRowsAWarp neighbouring rows, which mostly share a head and so a key, chunk by chunk of
// 256 columns; the bits are generated in registers, never stored. grid (rows / (warps * rows a
// warp)), block (32, kDropoutWarps). Bytes moved: each element read once, written once.

#include "kernels/core/dropout.cuh"
#include "kernels/core/sequence_rows.cuh"
#include "kernels/dropout/dropout.h"

namespace kernels {

inline constexpr int kDropoutWarps = 8;
inline constexpr int kDropoutRowsAWarp = 2;

template <int kPack, class T>
__global__ void __launch_bounds__(32 * kDropoutWarps)
    dropout_kernel(Dropout<T> args, int64_t rows, DeviceDropout dropout) {
  const int64_t first = (int64_t{blockIdx.x} * kDropoutWarps + threadIdx.y) * kDropoutRowsAWarp;
  int64_t head_of_key = 0;
  DropoutKey key = device_dropout_key(dropout, 0);
  for (int64_t row = first; row < first + kDropoutRowsAWarp && row < rows; ++row) {
    const RowPlace place = place_of_row(args.sequences, row, args.heads);
    if (place.head != head_of_key) {
      key = device_dropout_key(dropout, place.head);
      head_of_key = place.head;
    }
    for (int64_t chunk = 0; chunk * kChunkColumns < args.columns; ++chunk) {
      const KeepBits bits(dropout, key, place.sequence, place.position, chunk);
      const int64_t offset = row * args.columns + chunk * kChunkColumns;
      const int64_t left = args.columns - chunk * kChunkColumns;
      const Chunk input = load_chunk<kPack>(args.input + offset, left);
      store_chunk<kPack>(dropped<kPack>(input, bits, dropout.scale), args.output + offset, left);
    }
  }
}

}  // namespace kernels
