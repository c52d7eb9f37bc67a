#include "worker/device/compute_capability.h"

#include <gtest/gtest.h>

namespace worker {
namespace {

TEST(ComputeCapability, of_a_v100_needs_another_build) {
  const std::string problem = capability_problem("Tesla V100-SXM2-32GB", 7, 0);
  EXPECT_NE(problem.find("Tesla V100-SXM2-32GB has compute capability 7.0"), std::string::npos);
  EXPECT_NE(problem.find("CUDA 12"), std::string::npos);
  EXPECT_EQ(problem.find('\n'), std::string::npos);
  EXPECT_FALSE(capability_problem("Tesla P100", 6, 1).empty());
}

TEST(ComputeCapability, from_7_5_on_is_no_problem) {
  EXPECT_EQ(capability_problem("Tesla T4", 7, 5), "");
  EXPECT_EQ(capability_problem("NVIDIA A100", 8, 0), "");
  EXPECT_EQ(capability_problem("NVIDIA RTX PRO 6000", 12, 0), "");
}

TEST(ComputeCapability, bf16_begins_at_8_0) {
  const std::string problem = precision_problem("bf16", "Tesla T4", 7, 5);
  EXPECT_NE(problem.find("bf16 on Tesla T4, which has compute capability 7.5"), std::string::npos);
  EXPECT_EQ(problem.find('\n'), std::string::npos);
  EXPECT_EQ(precision_problem("fp16", "Tesla T4", 7, 5), "");
  EXPECT_EQ(precision_problem("fp32", "Tesla T4", 7, 5), "");
  EXPECT_EQ(precision_problem("bf16", "NVIDIA A100", 8, 0), "");
  EXPECT_EQ(precision_problem("bf16", "NVIDIA B200", 10, 0), "");
}

}  // namespace
}  // namespace worker
