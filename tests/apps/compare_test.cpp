#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class Compare : public DriverFixture {
 protected:
  static void keep_run(const json& sweep, const std::string& directory) {
    write_file("sweep.json", sweep.dump());
    EXPECT_EQ(run({"sweep.json", "--out", directory}).exit.exit_code, 0);
  }
};

TEST_F(Compare, shows_speedups_memory_and_what_only_one_run_has) {
  auto sweep = small_sweep();
  keep_run(sweep, "before");
  tell_workers({{"round_scales", {0.5}}, {"step_bytes", (1 << 20) * 2}});
  sweep["axes"]["micro_batch"] = {8, 16};
  keep_run(sweep, "after");
  const auto result = run_plain({"compare", "before", "after"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.output,
              ContainsRegex("fused minilm-l6 mb 8 fp32 +32.00 +64.00 +2.00 +8.0 +16.0 +.100.00 %"));
  EXPECT_THAT(result.output, HasSubstr("Geometric mean of the speedups: 2.00 over 2 cells.\n"));
  EXPECT_THAT(result.output, HasSubstr("Only after:\n    pytorch_eager minilm-l6 mb 16 fp32\n"));
  EXPECT_THAT(result.output, HasSubstr("Only before:\n    pytorch_eager minilm-l6 mb 4 fp32\n"));
}

TEST_F(Compare, names_what_more_than_the_build_differs) {
  auto sweep = small_sweep();
  sweep["axes"]["micro_batch"] = {4};
  keep_run(sweep, "before");
  sweep["global_batch"] = 16;
  keep_run(sweep, "after");
  const auto result = run_plain({"compare", "before", "after"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(
      result.output,
      AllOf(HasSubstr("fused minilm-l6 mb 4 fp32: not compared, it differs in global_batch"),
            HasSubstr("No cell has a speedup; 2 cells did not pass")));
}

TEST_F(Compare, runs_that_were_not_measured_alike_are_compared_by_force_alone) {
  auto sweep = small_sweep();
  sweep["measure"]["threads"] = 1;
  keep_run(sweep, "before");
  sweep["measure"]["threads"] = 2;
  keep_run(sweep, "after");
  const auto refused = run_plain({"compare", "before", "after"});
  EXPECT_EQ(refused.exit.exit_code, 2);
  EXPECT_EQ(refused.output, "");
  EXPECT_THAT(refused.error_tail,
              AllOf(HasSubstr("threads (1 before, 2 after)"), HasSubstr("; --force compares")));
  const auto forced = run_plain({"compare", "before", "after", "--force"});
  EXPECT_EQ(forced.exit.exit_code, 0) << forced.error_tail;
  EXPECT_THAT(forced.error_tail, HasSubstr("warning: the runs were not measured alike: threads"));
  EXPECT_THAT(forced.output, AllOf(HasSubstr("fp32: it differs in measure.threads"),
                                   HasSubstr("1.00 over 4 cells.")));
}

TEST_F(Compare, another_machine_is_another_measurement) {
  keep_run(small_sweep(), "before");
  keep_run(small_sweep(), "after");
  EXPECT_EQ(run_plain({"compare", "before", "after"}).exit.exit_code, 0);
  auto origin = json::parse(read_file("after/origin.json"));
  origin["starts"][0]["machine"]["machine"] = "elsewhere";
  write_file("after/origin.json", origin.dump());
  const auto refused = run_plain({"compare", "before", "after"});
  EXPECT_EQ(refused.exit.exit_code, 2);
  EXPECT_THAT(refused.error_tail, HasSubstr("another machine (machine: elsewhere, was "));
  EXPECT_EQ(run_plain({"compare", "before", "after", "--force"}).exit.exit_code, 0);
}

TEST_F(Compare, needs_two_runs) {
  keep_run(small_sweep(), "before");
  EXPECT_EQ(run_plain({"compare", "before"}).exit.exit_code, 2);
  const auto result = run_plain({"compare", "before", "nowhere"});
  EXPECT_EQ(result.exit.exit_code, 2);
  EXPECT_THAT(result.error_tail, HasSubstr("nowhere is not a run directory"));
}

}  // namespace
}  // namespace apps
