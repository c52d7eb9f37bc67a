#include "kernels/core/peak_loop.h"

#include <string>

#include <gtest/gtest.h>

#include "kernels/core/gemm_tile/level.h"

namespace kernels {
namespace {

TEST(PeakLoop, names_its_instruction) {
  EXPECT_FALSE(std::string(PeakLoop::fp32().instruction()).empty());
  if (const auto loop = PeakLoop::bf16()) {
    const bool tiles = best_gemm_level() >= GemmLevel::kAmxBf16;
    EXPECT_EQ(std::string(loop->instruction()), tiles ? "tdpbf16ps tmm" : "vdpbf16ps zmm");
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
