#include "worker/measure/error_line.h"

#include <gtest/gtest.h>

namespace worker {
namespace {

TEST(ErrorLine, is_the_first_line_and_never_empty) {
  EXPECT_EQ(error_line("the layer broke\nsecond line"), "the layer broke");
  EXPECT_EQ(error_line("one line"), "one line");
  EXPECT_EQ(error_line(""), "an exception without a message");
  EXPECT_EQ(error_line("\nSearch for `x'"), "an exception without a message");
}

TEST(ErrorLine, names_a_cuda_error_that_libtorch_names_on_its_second_line) {
  EXPECT_EQ(error_line("CUDA error: an illegal memory access was encountered\n"
                       "Search for `cudaErrorIllegalAddress' in https://docs.nvidia.com/cuda/"
                       "cuda-runtime-api/group__CUDART__TYPES.html for more information.\n"
                       "CUDA kernel errors might be asynchronously reported"),
            "CUDA error: an illegal memory access was encountered (cudaErrorIllegalAddress)");
  EXPECT_EQ(error_line("CUDA error: out of memory\nSearch for `cut off"),
            "CUDA error: out of memory (cut off)");
}

}  // namespace
}  // namespace worker
