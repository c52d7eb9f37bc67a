#include "apps/bench_kernels/window_lengths.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace apps {
namespace {

constexpr int64_t kSixteen = 16;
/// Of 512 windows in order of length, the one at 1/16, 2/16, ... 15/16.
constexpr std::array<int64_t, kSixteen - 1> kSixteenths = {71,  89,  99,  111, 120, 131, 139, 150,
                                                           159, 174, 185, 199, 215, 257, 294};

}  // namespace

std::vector<int64_t> window_lengths(int64_t batch, int64_t sequence) {
  constexpr int64_t kMost = kSixteen / 2;
  if (batch < 1 || (kMost % batch != 0 && batch % kMost != 0)) {
    throw std::invalid_argument("no window lengths for a batch of " + std::to_string(batch) +
                                ": 1, 2, 4 or a multiple of 8");
  }
  std::vector<int64_t> lengths;
  const int64_t step = kSixteen / std::min(batch, kMost);
  while (std::ssize(lengths) < batch) {
    for (int64_t at = step / 2; at < kSixteen; at += step) {
      lengths.push_back(std::min(kSixteenths[static_cast<size_t>(at - 1)], sequence));
    }
  }
  return lengths;
}

}  // namespace apps
