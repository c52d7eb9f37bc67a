#include "worker/cuda/cupti_recorder.h"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/cuda/fake_cupti.h"
#include "worker/trace/span_recorder.h"

namespace worker {
namespace {

using ::testing::HasSubstr;

class CuptiRecorderTest : public testing::Test {
 protected:
  CuptiRecorderTest() { FakeCupti::instance() = {}; }
  FakeCupti& cupti_ = FakeCupti::instance();
};

int64_t now_ns() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string error_of_stop(CuptiRecorder& recorder) {
  try {
    recorder.stop();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(CuptiRecorderTest, finds_the_innermost_span_of_every_kernel_on_the_clock_of_spans) {
  CuptiRecorder recorder;
  SpanRecorder spans(&recorder);
  recorder.start();
  spans.start();
  const int64_t before = now_ns();
  const auto step = spans.open(SpanKind::kStep, "step");
  cupti_.launch("of the step");
  const auto phase = spans.open(SpanKind::kPhase, "forward");
  cupti_.launch("of the phase");
  spans.close(phase);
  cupti_.launch("of the step again");
  spans.close(step);
  cupti_.launch("of nothing");
  const int64_t after = now_ns();
  const Spans recorded = spans.stop();
  const Activities activities = recorder.stop();
  ASSERT_EQ(activities.size(), 4U);
  EXPECT_EQ(activities[0].launcher, recorded[0].id);
  EXPECT_EQ(activities[1].launcher, recorded[1].id);
  EXPECT_EQ(activities[2].launcher, recorded[0].id);
  EXPECT_EQ(activities[3].launcher, 0U);
  for (const Activity& activity : activities) {
    EXPECT_GE(activity.begin_ns, before);
    EXPECT_LE(activity.end_ns, after);
  }
  EXPECT_TRUE(cupti_.spans.empty());
}

TEST_F(CuptiRecorderTest, keeps_what_is_launched_between_start_and_stop_alone) {
  CuptiRecorder recorder;
  cupti_.launch("a step of warm-up");
  recorder.start();
  cupti_.launch("of the step");
  const Activities activities = recorder.stop();
  ASSERT_EQ(activities.size(), 1U);
  EXPECT_EQ(activities[0].name, "of the step");
  cupti_.launch("afterwards");
  recorder.start();
  cupti_.launch("of another");
  EXPECT_EQ(recorder.stop().at(0).name, "of another");
}

TEST_F(CuptiRecorderTest, a_step_with_lost_records_has_no_table) {
  CuptiRecorder recorder;
  recorder.start();
  cupti_.launch("kernel");
  cupti_.dropped = 3;
  EXPECT_THAT(error_of_stop(recorder), HasSubstr("CUPTI lost 3 records of the step"));
}

TEST_F(CuptiRecorderTest, a_step_of_which_nothing_was_recorded_says_so) {
  CuptiRecorder recorder;
  recorder.start();
  EXPECT_THAT(error_of_stop(recorder), HasSubstr("CUPTI recorded nothing"));
}

TEST_F(CuptiRecorderTest, a_span_that_cupti_does_not_know_is_an_error_of_the_trace) {
  CuptiRecorder recorder;
  recorder.start();
  cupti_.launch("kernel");
  recorder.ended();
  EXPECT_THAT(error_of_stop(recorder), HasSubstr("CUPTI cannot tell what launched a kernel: "));
}

TEST_F(CuptiRecorderTest, leaves_nothing_enabled_where_cupti_refuses_and_when_it_is_gone) {
  cupti_.refused[CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL] = CUPTI_ERROR_INSUFFICIENT_PRIVILEGES;
  try {
    CuptiRecorder recorder;
    FAIL() << "it records";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("--cap-add=SYS_ADMIN"));
  }
  EXPECT_TRUE(cupti_.enabled.empty());
  cupti_.refused.clear();
  auto recorder = std::make_unique<CuptiRecorder>();
  EXPECT_FALSE(cupti_.enabled.empty());
  EXPECT_THROW(CuptiRecorder(), std::logic_error) << "one at a time";
  recorder.reset();
  EXPECT_TRUE(cupti_.enabled.empty());
}

}  // namespace
}  // namespace worker
