#pragma once

#include <cstdint>
#include <source_location>
#include <type_traits>

namespace kernels::cuda_emulator {

// Warp operations of the thread that runs. All lanes of `mask` take part; none orders accesses to
// memory but sync_lanes.

void sync_lanes(uint32_t mask, std::source_location where);

/// The lanes of `mask` whose `predicate` holds.
uint32_t ballot(uint32_t mask, bool predicate, std::source_location where);

enum class Shuffle : uint8_t { kFrom, kUp, kDown, kXor };

/// The bits of `*value` (4 or 8 bytes) of the lane that `kind` and `operand` name within this
/// lane's segment of `width` lanes; this lane's own where they name none. A lane that is not in
/// `mask` must not be named.
void shuffle(uint32_t mask, void* value, uint32_t bytes, Shuffle kind, uint32_t operand,
             uint32_t width, std::source_location where);

template <class T>
T shuffled(uint32_t mask, T value, Shuffle kind, uint32_t operand, uint32_t width,
           std::source_location where) {
  static_assert(std::is_trivially_copyable_v<T> && (sizeof(T) == 4 || sizeof(T) == 8));
  shuffle(mask, &value, sizeof(T), kind, operand, width, where);
  return value;
}

/// ldmatrix: 8x8 matrices of 16-bit elements, `count` (1, 2 or 4) of them. Lane 8 i + r has the
/// address of row r of matrix i; words[i] gets elements (2 (lane % 4), + 1) of row lane / 4 of it,
/// or of its transpose.
void load_matrices(uint32_t* words, uint32_t count, const void* row, bool transposed,
                   std::source_location where);

/// mma.sync m16n8k16 on 16-bit floating-point elements, sums in float: sum[16][8] += a[16][16]
/// b[16][8] in the fragment layout that PTX documents. `widen` makes a float of an element.
void multiply_matrices(float* sum, const uint32_t* a, const uint32_t* b, float (*widen)(uint16_t),
                       std::source_location where);

}  // namespace kernels::cuda_emulator
