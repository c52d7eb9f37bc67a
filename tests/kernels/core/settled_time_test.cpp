#include "kernels/core/settled_time.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace kernels {
namespace {

/// Runs that take `seconds` in turn, and then the last of them for ever.
struct Runs {
  std::vector<double> seconds;
  size_t called = 0;

  double settled() {
    return settled_time([this] { return seconds[std::min(called++, seconds.size() - 1)]; });
  }
};

TEST(SettledTime, is_the_least) {
  EXPECT_EQ((Runs{{3e-2, 1e-2, 2e-2}}.settled()), 1e-2);
}

TEST(SettledTime, goes_on_while_clocks_rise) {
  Runs runs;
  for (int i = 0; i < 30; ++i) runs.seconds.push_back(1e-2 * (1 - 0.02 * i));
  EXPECT_EQ(runs.settled(), runs.seconds.back());
}

TEST(SettledTime, takes_no_noise_for_rising_clocks) {
  Runs runs;
  for (int i = 0; i < 100; ++i) runs.seconds.push_back(2e-2 * (1 - 0.0001 * i));
  runs.settled();
  EXPECT_LE(runs.called, 12U);
}

TEST(SettledTime, repeats_short_runs_for_long_enough) {
  Runs runs{{1e-3}};
  runs.settled();
  EXPECT_NEAR(static_cast<double>(runs.called), 150, 1);
}

TEST(SettledTime, ends_soon_where_runs_are_long) {
  Runs runs{{0.4}};
  runs.settled();
  EXPECT_EQ(runs.called, 2U);
}

}  // namespace
}  // namespace kernels
