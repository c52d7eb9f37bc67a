#pragma once

#include <cstdint>

#include "kernels/core/gemm_tile/level.h"

namespace kernels {

/// Packs `items` vectors of length `k` (rows of op(A), or columns of op(B)) into panels of `width`
/// items: panel[step][item], 4 bytes each, a float or a pair of bfloat16 (k even, k odd; 0 where k
/// has ended). A step takes the room of the panel's items rounded up to a multiple of `granule`;
/// the rest of it is 0 or other items. Or, for an A by rows (MicroKernel::a_by_rows), panels of
/// whole squares of 16 items and 16 steps, panel[step / 16][item / 16][item % 16][step % 16], 0
/// where there is nothing. One of the strides is the element's size.
struct PackArgs {
  const char* source;
  int64_t item_stride;  ///< bytes
  int64_t k_stride;     ///< bytes
  int64_t items;
  int64_t k;
  int64_t width;
  int64_t granule;
  int64_t panel_stride;  ///< bytes from one panel to the next
  char* out;
};

/// What a tile fetches into the cache meanwhile: for every 16 steps `count` addresses from `first`
/// on, `stride` bytes apart, then `advance` further.
struct Ahead {
  const char* first;
  int64_t count;
  int64_t stride;
  int64_t advance;
};

/// One tile: C = alpha * (sum over steps of a * b + addend) + beta * C; or, with `partial`, the
/// bare sum goes there.
struct TileArgs {
  const char* a;  ///< 4 bytes a row and step: packed, or A itself; see MicroKernel::a_by_rows
  int64_t a_row_stride;   ///< bytes
  int64_t a_step_stride;  ///< bytes; by rows a sixteenth of those from 16 steps to the next
  const char* b;          ///< packed panel
  Ahead ahead;
  int64_t steps;
  bool half_step;  ///< one more step, of which `a` holds only the first bfloat16
  int64_t rows;
  int64_t columns;
  const float* addend;  ///< may be null
  float* partial;       ///< may be null
  int64_t partial_stride;
  char* c;
  int64_t c_row_stride;  ///< bytes
  float alpha;
  float beta;
};

/// What an instruction set offers for one element type.
struct MicroKernel {
  int64_t rows;        ///< of a tile
  int64_t columns;     ///< of a tile and of a panel of B
  int64_t row_pitch;   ///< values a step of a packed panel of A takes
  int64_t lanes;       ///< of a vector: panels of B are a multiple wide
  int64_t k_per_step;  ///< 2: pairs of bfloat16
  bool reads_rows;     ///< takes A itself as `a` where op is kNone,
  bool reads_columns;  ///< and where op is kTranspose
  /// Multiplies whole blocks of this many steps best.
  int64_t step_granule = 1;
  /// Steps of a k block, at most, where A is packed, and k blocks of a span: gemm/blocking.h.
  int64_t block_steps = 512;
  int64_t span_blocks = 1;
  /// Takes `a` in squares of 16 rows and 16 steps, a row's steps side by side, and A is packed so.
  /// Where `a_row_stride` is not that of rows side by side, `a` is read as if rows were a multiple
  /// of 16; what is there does not matter.
  bool a_by_rows = false;
  void (*pack)(const PackArgs& args);
  void (*pack_a)(const PackArgs& args);
  void (*tile)(const TileArgs& args);
  /// Before a thread's first tile and after its last one; null where there is nothing to do.
  void (*enter)() = nullptr;
  void (*leave)() = nullptr;
};

/// A thread's tiles are computed while it lives.
class MicroKernelUse {
 public:
  explicit MicroKernelUse(const MicroKernel& kernel) : kernel_(kernel) {
    if (kernel_.enter != nullptr) kernel_.enter();
  }
  ~MicroKernelUse() {
    if (kernel_.leave != nullptr) kernel_.leave();
  }
  MicroKernelUse(const MicroKernelUse&) = delete;
  MicroKernelUse& operator=(const MicroKernelUse&) = delete;

 private:
  const MicroKernel& kernel_;
};

/// The kernel of a level.
template <class T>
const MicroKernel& micro_kernel(GemmLevel level);

/// One a file, each compiled for its instruction set.
const MicroKernel& portable_float_kernel();
const MicroKernel& portable_bfloat16_kernel();
const MicroKernel& avx2_float_kernel();
const MicroKernel& avx2_bfloat16_kernel();
const MicroKernel& avx512_float_kernel();
const MicroKernel& avx512_bfloat16_kernel();
const MicroKernel& avx512_bf16_bfloat16_kernel();
const MicroKernel& amx_bf16_bfloat16_kernel();

}  // namespace kernels
