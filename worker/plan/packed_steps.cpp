#include "worker/plan/packed_steps.h"

#include <algorithm>

namespace worker {
namespace {

/// What a micro-batch's memory grows with.
struct Extent {
  uint64_t step;
  bool accumulates;  ///< gradients of an earlier micro-batch exist
  int64_t rows = 0;
  int64_t squares = 0;
  int64_t longest = 0;

  bool covers(const Extent& other) const {
    return accumulates >= other.accumulates && rows >= other.rows && squares >= other.squares &&
           longest >= other.longest;
  }
};

Extent extent_of(const model::SequenceLayout& layout, uint64_t step) {
  Extent extent{.step = step, .accumulates = layout.first_sequence > 0};
  for (const int64_t length : layout.lengths) {
    extent.rows += length;
    extent.squares += length * length;
    extent.longest = std::max(extent.longest, length);
  }
  return extent;
}

}  // namespace

std::vector<uint64_t> largest_packed_steps(const model::WindowDataset& data, int64_t micro_batch,
                                           uint64_t steps) {
  std::vector<Extent> largest;
  for (uint64_t step = 1; step < steps; ++step) {
    for (int64_t first = 0; first < data.options().sequences_per_step; first += micro_batch) {
      const Extent extent = extent_of(data.layout(step, first, micro_batch), step);
      const auto covers = [&](const Extent& other) { return other.covers(extent); };
      if (std::any_of(largest.begin(), largest.end(), covers)) continue;
      std::erase_if(largest, [&](const Extent& other) { return extent.covers(other); });
      largest.push_back(extent);
    }
  }
  std::vector<uint64_t> chosen = {0};
  for (const Extent& extent : largest) {
    if (extent.step != chosen.back()) chosen.push_back(extent.step);
  }
  return chosen;
}

}  // namespace worker
