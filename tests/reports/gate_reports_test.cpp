#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/gate_json.h"
#include "reports/gate_junit.h"
#include "reports/gate_markdown.h"
#include "reports/gate_text.h"
#include "tests/harness/analysis/run_builder.h"

namespace reports {
namespace {

using harness::CellVerdict;
using harness::GateResult;
using harness::Status;
using harness::Verdict;
using ::testing::HasSubstr;
using ::testing::Not;

harness::TimeChange time_of(double ratio, double low, double high, Verdict verdict) {
  return {10, ratio, harness::Interval{low, high}, 0.03, verdict};
}

CellVerdict passed_cell() {
  CellVerdict cell;
  cell.cell = harness::make_cell("fused", 4);
  cell.status = {Status::kPassed, Status::kPassed, Verdict::kPassed, ""};
  cell.time = time_of(1.001, 0.99, 1.01, Verdict::kPassed);
  cell.memory = harness::judge_memory(1000, 1000, 0.005);
  cell.before_samples_per_second = 20;
  cell.after_samples_per_second = 19.98;
  cell.verdict = Verdict::kPassed;
  return cell;
}

/// One cell of each verdict; reasons and labels with what XML and Markdown would take for markup.
GateResult sample() {
  GateResult result;
  result.name = "gate<ci>";
  result.before = "/old/bench_worker";
  result.after = "/new/bench_worker";
  result.rounds = 10;
  result.seed = 7;
  result.cells = {passed_cell()};

  CellVerdict failed = passed_cell();
  failed.cell.micro_batch = 8;
  failed.time = time_of(1.1, 1.08, 1.12, Verdict::kFailed);
  failed.first_time = time_of(1.09, 1.07, 1.11, Verdict::kFailed);
  failed.verdict = Verdict::kFailed;
  failed.reason = "a step takes +10.00 %";

  CellVerdict lost;
  lost.cell = harness::make_cell("fused", 16);
  lost.status = {Status::kPassed, Status::kOutOfMemory, Verdict::kFailed, ""};
  lost.verdict = Verdict::kFailed;
  lost.reason = "passed before, out_of_memory now: 5 < 6 & \"more\" | `x`";

  CellVerdict skipped;
  skipped.cell = harness::make_cell("pytorch_eager", 16);
  skipped.status = {Status::kSkipped, Status::kSkipped, Verdict::kSkipped, ""};
  skipped.verdict = Verdict::kSkipped;
  skipped.reason = "skipped on both sides: slow";

  CellVerdict inconclusive = passed_cell();
  inconclusive.cell.micro_batch = 2;
  inconclusive.time = time_of(1.0, 0.9, 1.1, Verdict::kInconclusive);
  inconclusive.verdict = Verdict::kInconclusive;
  inconclusive.reason = "too wide";

  CellVerdict improved = passed_cell();
  improved.cell.micro_batch = 6;
  improved.memory = harness::judge_memory(1000, 900, 0.005);
  improved.verdict = Verdict::kImproved;

  for (const CellVerdict& cell : {failed, lost, skipped, inconclusive, improved}) {
    result.cells.push_back(cell);
  }
  return result;
}

TEST(GateText, has_a_verdict_line_a_cell_and_the_verdict_of_all) {
  const std::string text = gate_text(sample(), false);
  EXPECT_THAT(text, HasSubstr("  passed        fused minilm-l6 mb 4 fp32             "
                              "+0.10 % (-1.00 % to +1.00 %)         =  passed\n"));
  EXPECT_THAT(text, HasSubstr("passed → out_of_memory\n"));
  EXPECT_THAT(text,
              HasSubstr("  fused minilm-l6 mb 8 fp32: failed: a step takes +10.00 %; measured "
                        "twice, first +9.00 %\n"));
  EXPECT_THAT(text, HasSubstr("-10.00 %"));
  EXPECT_THAT(text, testing::EndsWith("  gate<ci>: failed (6 cells: 1 passed, 1 improved, 1 "
                                      "skipped, 1 inconclusive, 2 failed)\n"));
  EXPECT_THAT(gate_text(sample(), true), HasSubstr("\x1b["));
}

TEST(GateText, counts_one_cell_in_the_singular) {
  GateResult result;
  result.cells = {passed_cell()};
  EXPECT_EQ(gate_counts(result), "1 cell: 1 passed");
}

TEST(GateJson, holds_everything_that_the_verdicts_were_made_from) {
  const auto json = nlohmann::json::parse(gate_json(sample()));
  EXPECT_EQ(json["verdict"], "failed");
  EXPECT_EQ(json["against"], "worker");
  EXPECT_EQ(json["before"], "/old/bench_worker");
  EXPECT_EQ(json["rounds"], 10);
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["counts"]["failed"], 2);
  const auto& cell = json["cells"][1];
  EXPECT_EQ(cell["label"], "fused minilm-l6 mb 8 fp32");
  EXPECT_EQ(cell["verdict"], "failed");
  EXPECT_EQ(cell["cell"]["micro_batch"], 8);
  EXPECT_EQ(cell["time"]["ratio"], 1.1);
  EXPECT_EQ(cell["time"]["interval"], nlohmann::json({1.08, 1.12}));
  EXPECT_EQ(cell["time"]["budget"], 0.03);
  EXPECT_EQ(cell["first_time"]["ratio"], 1.09);
  EXPECT_EQ(cell["memory"]["before_bytes"], 1000);
  EXPECT_EQ(json["cells"][2]["status"]["after"], "out_of_memory");
  EXPECT_TRUE(json["cells"][2]["time"].is_null());
}

TEST(GateJunit, has_a_test_case_a_cell_with_what_became_of_it) {
  const std::string xml = gate_junit(sample());
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"bench_sweep gate gate&lt;ci>\" tests=\"6\" "
                             "failures=\"2\" errors=\"1\" skipped=\"1\">"));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"gate&lt;ci>\" "
                             "name=\"fused minilm-l6 mb 4 fp32\">"));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"failed\" message=\"passed before, out_of_memory now: "
                             "5 &lt; 6 &amp; &quot;more&quot; | `x`\" />"));
  EXPECT_THAT(xml, HasSubstr("<error type=\"inconclusive\" message=\"too wide\" />"));
  EXPECT_THAT(xml,
              HasSubstr("<skipped type=\"skipped\" message=\"skipped on both sides: slow\" />"));
  EXPECT_THAT(xml,
              HasSubstr("<property name=\"time\" value=\"+10.00 % (+8.00 % to +12.00 %)\" />"));
}

TEST(GateMarkdown, shows_what_did_not_pass_first_and_folds_the_rest) {
  const std::string text = gate_markdown(sample());
  EXPECT_THAT(text, testing::StartsWith("## gate&lt;ci>: failed\n\n6 cells: 1 passed"));
  EXPECT_THAT(text, HasSubstr("10 rounds a side, in pairs"));
  EXPECT_THAT(text, HasSubstr("| failed | fused minilm-l6 mb 8 fp32 | 20.00 | 19.98 | +10.00 % "
                              "(+8.00 % to +12.00 %) | = | passed |"));
  EXPECT_THAT(text, HasSubstr("5 &lt; 6 &amp; \"more\" \\| \\`x\\`"));
  const auto folded = text.find("<details><summary>1 passed</summary>");
  ASSERT_NE(folded, std::string::npos);
  EXPECT_GT(text.find("fused minilm-l6 mb 4 fp32"), folded);
}

TEST(GateMarkdown, against_a_run_it_says_that_time_was_not_judged) {
  GateResult result = sample();
  result.against = harness::GateAgainst::kRun;
  EXPECT_THAT(gate_markdown(result), HasSubstr("memory and status alone."));
  result.cells.resize(1);
  EXPECT_THAT(gate_markdown(result), Not(HasSubstr("| failed |")));
}

// Two gates of the six cells, four of which have times: one repeated alarm each.
TEST(SelfTestReports, publish_the_rates_with_their_intervals) {
  const auto json = nlohmann::json::parse(self_test_json({sample(), sample()}));
  EXPECT_EQ(json["false_alarms"]["count"], 2);
  EXPECT_EQ(json["false_alarms"]["of"], 8);
  EXPECT_EQ(json["false_alarms"]["rate"], 0.25);
  EXPECT_EQ(json["failed_gates"]["count"], 2);
  EXPECT_EQ(json["gates"].size(), 2U);
  EXPECT_EQ(json["gates"][1]["name"], "gate<ci>");
  const std::string text = self_test_text({sample(), sample()});
  EXPECT_THAT(text, HasSubstr("2 of 8, 25.00 % ("));
  EXPECT_THAT(self_test_text({}), HasSubstr("none of none"));
}

}  // namespace
}  // namespace reports
