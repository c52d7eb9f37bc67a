#include "kernels/core/peak_loop.h"

#include <string>

#include <gtest/gtest.h>

namespace kernels {
namespace {

TEST(PeakLoop, names_its_instruction) {
  EXPECT_FALSE(std::string(PeakLoop::fp32().instruction()).empty());
  if (const auto loop = PeakLoop::bf16()) {
    EXPECT_EQ(std::string(loop->instruction()), "vdpbf16ps zmm");
  }
}

TEST(PeakLoop, little_work_and_no_threads_still_run) {
  for (const int threads : {0, 1, 3}) {
    PeakLoop::fp32().run(0, threads);
    EXPECT_GT(PeakLoop::fp32().flops_per_second(threads), 0) << threads;
  }
}

}  // namespace
}  // namespace kernels
