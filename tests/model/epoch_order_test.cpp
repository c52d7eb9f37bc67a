#include "model/epoch_order.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace model {
namespace {

std::vector<size_t> first(const EpochOrder& order, uint64_t count) {
  std::vector<size_t> windows;
  for (uint64_t i = 0; i < count; ++i) windows.push_back(order.at(i));
  return windows;
}

// From scripts/window_lengths.py, whose generator is written from its paper.
TEST(EpochOrder, is_that_of_the_script_which_chooses_seeds) {
  EXPECT_EQ(first(EpochOrder(5, 1), 15),
            (std::vector<size_t>{1, 4, 0, 2, 3, 4, 3, 1, 0, 2, 0, 3, 2, 4, 1}));
  EXPECT_EQ(first(EpochOrder(10, 7), 20),
            (std::vector<size_t>{0, 7, 4, 9, 3, 1, 2, 8, 6, 5, 2, 7, 0, 3, 8, 9, 1, 5, 6, 4}));
  EXPECT_EQ(first(EpochOrder(3, 2), 9), (std::vector<size_t>{2, 1, 0, 1, 0, 2, 0, 2, 1}));
}

TEST(EpochOrder, a_position_has_the_same_window_whenever_it_is_asked_for) {
  const EpochOrder order(7, 3);
  const std::vector<size_t> forward = first(order, 70);
  const EpochOrder other(7, 3);
  for (uint64_t i = 70; i-- > 0;) EXPECT_EQ(other.at(i), forward[i]) << i;
}

TEST(EpochOrder, epochs_differ_and_hold_every_window_once) {
  const EpochOrder order(100, 1);
  std::vector<size_t> windows = first(order, 300);
  EXPECT_FALSE(std::equal(windows.begin(), windows.begin() + 100, windows.begin() + 100));
  EXPECT_FALSE(std::equal(windows.begin() + 100, windows.begin() + 200, windows.begin() + 200));
  for (auto epoch = windows.begin(); epoch != windows.end(); epoch += 100) {
    std::sort(epoch, epoch + 100);
    for (size_t i = 0; i < 100; ++i) EXPECT_EQ(epoch[static_cast<ptrdiff_t>(i)], i);
  }
}

}  // namespace
}  // namespace model
