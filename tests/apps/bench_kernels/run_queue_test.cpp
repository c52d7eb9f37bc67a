#include "apps/bench_kernels/run_queue.h"

#include <gtest/gtest.h>

namespace apps {
namespace {

TEST(RunQueue, holds_many_runs_of_one_launch_and_few_of_many) {
  EXPECT_EQ(queued_runs(0), kMostQueuedRuns);
  EXPECT_EQ(queued_runs(5e-6), kMostQueuedRuns);
  EXPECT_EQ(queued_runs(5e-4), 4);
  EXPECT_EQ(queued_runs(1), 1);
}

TEST(RunQueue, gives_the_host_longer_than_it_needs) {
  for (const double host_seconds : {0.0, 5e-6, 1e-3}) {
    for (const int64_t runs : {1, 32}) {
      EXPECT_GT(head_start_seconds(runs, host_seconds), static_cast<double>(runs) * host_seconds);
    }
  }
  EXPECT_GT(head_start_seconds(2, 1e-3), head_start_seconds(1, 1e-3));
}

}  // namespace
}  // namespace apps
