#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class FilterOption : public DriverFixture {
 protected:
  FilterOption() { write_file("sweep.json", small_sweep().dump()); }
};

TEST_F(FilterOption, runs_only_the_cells_that_match) {
  const auto result = run({"sweep.json", "--filter", "micro_batch>=8", "--out", "out"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("the filter keeps 2 of 4 cells\n"));
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 4u);
  EXPECT_THAT(lines_of("log"), Not(::testing::Contains(HasSubstr(" 4 "))));
  EXPECT_THAT(read_file("out/speedup.csv"), HasSubstr(",2,,,same_micro_batch,"));
  EXPECT_EQ(lines_of("out/memory.csv").size(), 3u);
}

TEST_F(FilterOption, says_which_comparisons_it_breaks) {
  const auto result = run({"sweep.json", "--filter", "implementation=fused", "--out", "out"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(
      result.error_tail,
      HasSubstr("the filter keeps 2 of 4 cells, and leaves out what 2 of those are compared "
                "with (the baseline, "));
}

TEST_F(FilterOption, narrows_list_and_plan) {
  const auto listed = run({"list", "sweep.json", "--filter", "implementation=fused,micro_batch=8"});
  EXPECT_EQ(listed.output, "fused minilm-l6 mb 8 fp32  8 MiB  2 rounds\n");
  EXPECT_THAT(listed.error_tail, HasSubstr("1 cell, 2 launches\n"));
  const auto planned = run({"plan", "sweep.json", "--filter", "micro_batch=8", "--out", "out"});
  EXPECT_EQ(planned.exit.exit_code, 0) << planned.error_tail;
  EXPECT_EQ(lines_of("out/memory.csv").size(), 3u);
}

TEST_F(FilterOption, that_keeps_nothing_is_exit_status_2) {
  for (const std::string filter :
       {"micro_batch>8", "precison=fp32", "micro_batch", "planned_peak_bytes<1KiB"}) {
    const auto result = run({"sweep.json", "--filter", filter, "--out", "out"});
    EXPECT_EQ(result.exit.exit_code, 2) << filter;
    EXPECT_THAT(result.error_tail, ::testing::StartsWith("bench_sweep: --filter: ")) << filter;
    EXPECT_EQ(std::count(result.error_tail.begin(), result.error_tail.end(), '\n'), 1) << filter;
    EXPECT_FALSE(fs::exists("out")) << filter;
  }
}

}  // namespace
}  // namespace apps
