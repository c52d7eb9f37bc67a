// A kernel that faults, in a worker of its own: CTest's label gpu.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/protocol/record.h"
#include "tests/worker/test_cells.h"
#include "tests/worker/worker_process.h"

namespace worker {
namespace {

using testing::HasSubstr;

harness::Cell cuda_cell(const std::string& implementation) {
  auto cell = small_cell(implementation);
  cell.device.kind = "cuda";
  return cell;
}

harness::Record only_record(const Outcome& outcome) {
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_EQ(outcome.replies.size(), 1U);
  return nlohmann::json::parse(outcome.replies.at(0)).get<harness::Record>();
}

TEST(FaultOnGpu, is_a_crashed_record_that_names_the_error_and_ends_the_process_without_a_signal) {
  const auto cell = cuda_cell("faulting");
  const auto record = only_record(run_program("faulting_worker", "", measure_request(cell)));
  EXPECT_EQ(record.cell, cell);
  EXPECT_EQ(record.status, harness::Status::kCrashed) << record.reason;
  EXPECT_THAT(record.reason, HasSubstr("cudaErrorIllegalAddress"));
  EXPECT_THAT(record.reason, HasSubstr("can use the GPU no more"));
  EXPECT_TRUE(record.phase.has_value());
  EXPECT_TRUE(record.samples.empty());
}

TEST(FaultOnGpu, is_of_the_kernels_own_phase_where_launches_block) {
  const auto record = only_record(run_program(
      "faulting_worker", "", measure_request(cuda_cell("faulting")), "CUDA_LAUNCH_BLOCKING=1"));
  EXPECT_EQ(record.status, harness::Status::kCrashed) << record.reason;
  EXPECT_EQ(record.phase, harness::Phase::kForward);
  EXPECT_THAT(record.reason, HasSubstr("cudaErrorIllegalAddress"));
}

TEST(FaultOnGpu, fails_a_check_with_the_errors_name) {
  const auto outcome = run_program("faulting_worker", "--check",
                                   nlohmann::json{{"cell", cuda_cell("faulting")}}.dump());
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_THAT(outcome.replies, testing::IsEmpty());
  ASSERT_FALSE(outcome.errors.empty());
  EXPECT_THAT(outcome.errors.back(), HasSubstr("cudaErrorIllegalAddress"));
}

TEST(FaultOnGpu, leaves_the_device_to_the_next_process) {
  run_program("faulting_worker", "", measure_request(cuda_cell("faulting")));
  const auto record =
      only_record(run_program("faulting_worker", "", measure_request(cuda_cell("fused"))));
  EXPECT_EQ(record.status, harness::Status::kPassed) << record.reason;
}

}  // namespace
}  // namespace worker
