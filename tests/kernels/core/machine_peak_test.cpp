#include "kernels/core/machine_peak.h"

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace kernels {
namespace {

bool processor_has(const std::string& flag) {
  std::ifstream file("/proc/cpuinfo");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.find(" " + flag + " ") != std::string::npos;
}

TEST(MachinePeak, every_ceiling_is_a_number_and_bf16_is_there_where_the_processor_has_it) {
  const MachinePeak peak = measure_machine_peak(1);
  EXPECT_TRUE(std::isnormal(peak.fp32_flops_per_second));
  EXPECT_TRUE(std::isnormal(peak.copy_bytes_per_second));
  EXPECT_GT(peak.fp32_flops_per_second, 0);
  EXPECT_GT(peak.copy_bytes_per_second, 0);
  ASSERT_EQ(peak.bf16_flops_per_second.has_value(),
            processor_has("avx512_bf16") && processor_has("avx512f"));
  if (peak.bf16_flops_per_second) {
    EXPECT_GT(*peak.bf16_flops_per_second, 0);
  }
}

TEST(MachinePeak, no_threads_are_one) {
  EXPECT_GT(measure_machine_peak(0).fp32_flops_per_second, 0);
}

}  // namespace
}  // namespace kernels
