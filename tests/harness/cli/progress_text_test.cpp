#include "harness/cli/progress_text.h"

#include <gtest/gtest.h>

#include "harness/analysis/cell_label.h"
#include "harness/launch/launcher.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

Record passed_record() {
  auto cell = stubs::make_cell("fused", 8);
  cell.precision = "bf16";
  cell.flags = {"gelu_checkpoint"};
  cell.model.preset = "minilm-l6";
  auto record = record_without_worker(cell, 1, Status::kPassed, "");
  record.samples = {0.5, 0.65, 9.0};
  record.memory.measured.emplace().peak_bytes = int64_t{1234} << 20;
  return record;
}

TEST(ProgressText, shows_what_a_round_measured) {
  EXPECT_EQ(finished_text({12, 96, 191.5}, passed_record(), {}),
            "[12/96] fused minilm-l6 mb 8 bf16 gelu_checkpoint  round 2/6  1234 MiB  "
            "12.3 samples/s  3:12 left");
}

TEST(ProgressText, shows_why_a_round_did_not_pass) {
  const auto record =
      record_without_worker(stubs::make_cell("fused", 8), 0, Status::kTimedOut, "too slow");
  EXPECT_EQ(finished_text({1, 2, std::nullopt}, record, {}),
            "[1/2] fused tiny mb 8 fp32  round 1/6  timed_out: too slow");
}

TEST(ProgressText, shows_what_runs_now) {
  EXPECT_EQ(running_text({3, 4, 5.0}, stubs::make_cell("pytorch_eager", 8), 2, {}),
            "[3/4] pytorch_eager tiny mb 8 fp32  round 3/6  0:05 left");
}

TEST(ProgressText, names_the_axes_that_vary) {
  EXPECT_EQ(cell_label(stubs::make_cell(), {"micro_batch", "sequence_length"}),
            "fused tiny mb 4 fp32 sequence_length 384");
}

TEST(ProgressText, writes_times_as_clocks_do) {
  EXPECT_EQ(time_left_text(std::nullopt), "");
  EXPECT_EQ(time_left_text(0.0), "0:00 left");
  EXPECT_EQ(time_left_text(59.2), "1:00 left");
  EXPECT_EQ(time_left_text(3723.0), "1:02:03 left");
}

TEST(ProgressText, keeps_the_time_left_on_a_narrow_terminal) {
  EXPECT_EQ(shorten("[1/2] fused  8 MiB  0:05 left", 40), "[1/2] fused  8 MiB  0:05 left");
  EXPECT_EQ(shorten("[1/2] fused  8 MiB  0:05 left", 20), "[1/2] fus  0:05 left");
  EXPECT_EQ(shorten("[1/2] fused  8 MiB  0:05 left", 4), "[1/2");
  EXPECT_EQ(shorten("checking", 4), "chec");
}

TEST(ProgressText, sums_up_every_status) {
  const auto cell = stubs::make_cell();
  EXPECT_EQ(summary_text({}), "0 records");
  EXPECT_EQ(summary_text({passed_record()}), "1 record (1 passed)");
  EXPECT_EQ(
      summary_text({passed_record(), record_without_worker(cell, 0, Status::kSkipped, "too large"),
                    record_without_worker(cell, 0, Status::kCrashed, "a"),
                    record_without_worker(cell, 1, Status::kCrashed, "b"),
                    record_without_worker(cell, 2, Status::kCrashed, "b")}),
      "5 records (1 passed, 1 skipped, 3 crashed)");
}

}  // namespace
}  // namespace harness
