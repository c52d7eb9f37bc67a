#include <cstdlib>

#include <ATen/record_function.h>
#include <gtest/gtest.h>

#include "worker/cuda/nvtx_ranges.h"

namespace worker {
namespace {

TEST(NvtxRanges, without_a_tool_there_are_none_and_nothing_listens) {
  ASSERT_EQ(std::getenv("NVTX_INJECTION64_PATH"), nullptr) << "a profiler is attached to the tests";
  EXPECT_EQ(nvtx_ranges(), nullptr);
  EXPECT_FALSE(at::hasCallbacks());
}

}  // namespace
}  // namespace worker
