#include "worker/cuda/cupti_error.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/cuda/cuda_device.h"
#include "worker/cuda/cupti_recorder.h"

namespace worker {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(CuptiError, without_privileges_says_how_to_get_them) {
  const auto text = cupti_refusal(CUPTI_ERROR_INSUFFICIENT_PRIVILEGES, "record what the GPU does");
  EXPECT_EQ(text,
            "CUPTI cannot record what the GPU does: run as root, in a container with "
            "--cap-add=SYS_ADMIN, or let all users profile: load NVIDIA's kernel module with "
            "NVreg_RestrictProfilingToAdminUsers=0 (CUPTI_ERROR_INSUFFICIENT_PRIVILEGES)");
}

TEST(CuptiError, is_one_line_that_names_the_error_whatever_it_is) {
  for (const CUptiResult result :
       {CUPTI_ERROR_INVALID_PARAMETER, CUPTI_ERROR_OUT_OF_MEMORY, CUPTI_ERROR_NOT_INITIALIZED,
        CUPTI_ERROR_DISABLED, CUPTI_ERROR_MULTIPLE_SUBSCRIBERS_NOT_SUPPORTED,
        CUPTI_ERROR_MIG_DEVICE_NOT_SUPPORTED, CUPTI_ERROR_CONFIDENTIAL_COMPUTING_NOT_SUPPORTED,
        CUPTI_ERROR_VIRTUALIZED_DEVICE_NOT_SUPPORTED, CUPTI_ERROR_UNKNOWN,
        CUPTI_ERROR_INVALID_DEVICE}) {
    const auto text = cupti_refusal(result, "trace");
    EXPECT_THAT(text, HasSubstr("(CUPTI_ERROR_"));
    EXPECT_THAT(text, Not(HasSubstr("\n")));
    EXPECT_THAT(text, Not(HasSubstr(": CUPTI_ERROR"))) << "a name is no reason";
    EXPECT_THAT(text, Not(HasSubstr(". (")));
  }
}

TEST(CuptiError, without_a_gpu_nothing_is_recorded_and_the_reason_is_one_line) {
  if (cuda_absence().empty()) GTEST_SKIP() << "there is a GPU";
  try {
    CuptiRecorder recorder;
    FAIL() << "it records";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), StartsWith("CUPTI cannot "));
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
  }
}

TEST(CuptiError, success_is_none) {
  EXPECT_NO_THROW(check_cupti(CUPTI_SUCCESS, "trace"));
  EXPECT_THROW(check_cupti(CUPTI_ERROR_UNKNOWN, "trace"), std::runtime_error);
}

}  // namespace
}  // namespace worker
