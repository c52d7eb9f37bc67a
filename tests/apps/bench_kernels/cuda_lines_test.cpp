// The benchmark's lines for CUDA at a tiny setting, by the operators' CUDA forms. Making a line
// compares it with LibTorch's result.

#include <string>

#include <gtest/gtest.h>

#include "apps/bench_kernels/subject.h"
#include "tests/kernels/support/cuda_program.h"

namespace apps {
namespace {

using kernels::testing::cuda_device;
using kernels::testing::kernels_ran;

Setting tiny_setting(at::ScalarType dtype) {
  Setting setting;
  setting.model = "tiny";
  setting.batch = 2;
  setting.sequence = 112;  // one more than the shorter window
  setting.heads = 2;
  setting.hidden = 64;
  setting.intermediate = 136;
  setting.dtype = dtype;
  setting.device = cuda_device();
  return setting;
}

class CudaLines : public ::testing::TestWithParam<at::ScalarType> {};

TEST_P(CudaLines, are_computed_by_kernels_and_agree_with_libtorch) {
  const Setting setting = tiny_setting(GetParam());
  int subjects_for_cuda = 0;
  for (const Subject& subject : subjects()) {
    if (subject.cpu_only) continue;
    ++subjects_for_cuda;
    SCOPED_TRACE(subject.name);
    Works works;
    ASSERT_NO_THROW(works = subject.make(subject.name, setting));
    for (const std::string& line : subject.lines) {
      ASSERT_TRUE(works.contains(line)) << line;
      kernels_ran();
      works.at(line).run();
      // Products are the library's.
      const bool expected = line.starts_with("fused") && !subject.name.starts_with("gemm/");
      EXPECT_EQ(kernels_ran(), expected) << line;
      EXPECT_GT(works.at(line).amount, 0) << line;
    }
  }
  EXPECT_GT(subjects_for_cuda, 30);
}

INSTANTIATE_TEST_SUITE_P(Precisions, CudaLines,
                         ::testing::Values(at::kFloat, at::kHalf, at::kBFloat16),
                         [](const auto& of) { return tiny_setting(of.param).precision(); });

}  // namespace
}  // namespace apps
