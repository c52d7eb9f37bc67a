#include "checkpoint/pytorch/gather.h"

#include <cstring>
#include <vector>

namespace checkpoint::pytorch {
namespace {

/// How many of the last dimensions lie one element after the other.
size_t contiguous_dimensions(const StorageView& view, int64_t& run) {
  size_t dimensions = 0;
  run = 1;
  for (size_t i = view.shape.size(); i-- > 0; ++dimensions) {
    if (view.shape[i] != 1 && view.strides[i] != run) break;
    run *= view.shape[i];
  }
  return dimensions;
}

}  // namespace

void gather(std::span<const std::byte> storage, const StorageView& view,
            std::span<std::byte> destination) {
  if (destination.empty()) return;
  const auto size = static_cast<size_t>(element_size(view.dtype));
  int64_t run = 1;
  const size_t outer = view.shape.size() - contiguous_dimensions(view, run);
  const size_t run_bytes = static_cast<size_t>(run) * size;
  std::vector<int64_t> index(outer, 0);
  int64_t element = view.offset;
  for (size_t written = 0; written < destination.size(); written += run_bytes) {
    const auto from = storage.subspan(static_cast<size_t>(element) * size, run_bytes);
    std::memcpy(destination.data() + written, from.data(), run_bytes);
    for (size_t i = outer; i-- > 0;) {
      element += view.strides[i];
      if (++index[i] < view.shape[i]) break;
      element -= index[i] * view.strides[i];
      index[i] = 0;
    }
  }
}

}  // namespace checkpoint::pytorch
