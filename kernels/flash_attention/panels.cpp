#include "kernels/flash_attention/panels.h"

namespace kernels::flash_attention {

void multiply(const MicroKernel& kernel, const LeftSide& left, const Panels& right,
              const Rows<float>& out, bool accumulate) {
  const char* a = static_cast<const char*>(left.data);
  TileArgs tile = {};
  tile.a_row_stride = left.row_bytes;
  tile.a_step_stride = left.step_bytes;
  tile.steps = right.steps;
  tile.partial_stride = out.pitch;
  for (int64_t column = 0; column < right.columns; column += kernel.columns) {
    tile.b = right.data + column / kernel.columns * right.panel_bytes;
    tile.columns = std::min(kernel.columns, round_up(right.columns - column, kernel.lanes));
    for (int64_t row = 0; row < left.rows; row += kernel.rows) {
      tile.a = a + row * left.row_bytes;
      tile.rows = std::min(kernel.rows, left.rows - row);
      tile.partial = out.data + row * out.pitch + column;
      tile.addend = accumulate ? tile.partial : nullptr;
      kernel.tile(tile);
    }
  }
}

}  // namespace kernels::flash_attention
