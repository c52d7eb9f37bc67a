#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/core/gemm_tile/micro_kernel.h"

namespace kernels::flash_attention {

inline int64_t round_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

/// Steps of 4 bytes that `depth` elements take: floats, or pairs of bfloat16.
inline int64_t steps_of(const MicroKernel& kernel, int64_t depth) {
  return (depth + kernel.k_per_step - 1) / kernel.k_per_step;
}

/// The right-hand side of a product [*, depth] x [depth, columns], packed for the kernel.
struct Panels {
  char* data;
  int64_t columns;
  int64_t steps;
  int64_t panel_bytes;
};

inline int64_t panel_bytes(const MicroKernel& kernel, int64_t depth) {
  return kernel.columns * steps_of(kernel, depth) * int64_t{sizeof(float)};
}

inline int64_t panels_bytes(const MicroKernel& kernel, int64_t columns, int64_t depth) {
  return round_up(columns, kernel.columns) / kernel.columns * panel_bytes(kernel, depth);
}

/// A row-major matrix in scratch, of the kernel's elements.
template <class Element>
struct Rows {
  Element* data;
  int64_t pitch;  ///< elements from row to row
};

/// Packs the transpose of `source` [columns, depth].
template <class Element>
Panels pack_transposed(const MicroKernel& kernel, const Rows<Element>& source, int64_t columns,
                       int64_t depth, char* out) {
  const Panels panels = {out, columns, steps_of(kernel, depth), panel_bytes(kernel, depth)};
  kernel.pack({reinterpret_cast<const char*>(source.data),
               source.pitch * static_cast<int64_t>(sizeof(Element)), sizeof(Element), columns,
               depth, kernel.columns, kernel.lanes, panels.panel_bytes, out});
  return panels;
}

/// Packs `source` [depth, columns].
template <class Element>
Panels pack(const MicroKernel& kernel, const Rows<Element>& source, int64_t columns, int64_t depth,
            char* out) {
  const Panels panels = {out, columns, steps_of(kernel, depth), panel_bytes(kernel, depth)};
  kernel.pack({reinterpret_cast<const char*>(source.data), sizeof(Element),
               source.pitch * static_cast<int64_t>(sizeof(Element)), columns, depth, kernel.columns,
               kernel.lanes, panels.panel_bytes, out});
  return panels;
}

/// The left-hand side as it lies in scratch: 4 bytes a row and step.
struct LeftSide {
  const void* data;
  int64_t rows;
  int64_t row_bytes;   ///< from row to row
  int64_t step_bytes;  ///< from step to step
};

/// Left-hand side [rows, depth] stored by rows.
template <class Element>
LeftSide by_rows(const Rows<Element>& matrix, int64_t rows) {
  return {matrix.data, rows, matrix.pitch * static_cast<int64_t>(sizeof(Element)), sizeof(float)};
}

/// Left-hand side [rows, depth] of which `step` lies `step_bytes` after the step before it, the
/// rows side by side.
inline LeftSide by_steps(const void* data, int64_t rows, int64_t step_bytes) {
  return {data, rows, sizeof(float), step_bytes};
}

/// out = left * right, or out += with `accumulate`. Writes right.columns rounded up to the kernel's
/// lanes. An element's sum runs over the steps in order, whatever the sizes.
void multiply(const MicroKernel& kernel, const LeftSide& left, const Panels& right,
              const Rows<float>& out, bool accumulate = false);

}  // namespace kernels::flash_attention
