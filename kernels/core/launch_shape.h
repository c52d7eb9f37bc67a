#pragma once

#include <cstddef>
#include <cstdint>

namespace kernels {

/// A size or an index in a grid or a block.
struct Extent {
  uint32_t x = 1;
  uint32_t y = 1;
  uint32_t z = 1;

  uint64_t count() const { return uint64_t{x} * y * z; }
};

/// How a kernel is launched: blocks, threads a block, bytes of dynamic shared memory a block.
struct LaunchShape {
  Extent grid;
  Extent block;
  size_t shared_bytes = 0;
};

}  // namespace kernels
