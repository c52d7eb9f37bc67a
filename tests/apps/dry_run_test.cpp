#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class DryRun : public DriverFixture {
 protected:
  DryRun() { write_file("sweep.json", small_sweep().dump()); }
};

TEST_F(DryRun, shows_the_cells_and_measures_and_writes_nothing) {
  const auto result = run({"sweep.json", "--dry-run"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.output, StartsWith("pytorch_eager minilm-l6 mb 4 fp32  8 MiB  2 rounds\n"));
  // 8 launches and 2 checks of at most 20 s.
  EXPECT_THAT(result.output,
              EndsWith("8 launches of 4 cells, after 2 correctness checks\n"
                       "expected: unknown, no run of small on this machine has measured any of "
                       "these cells\n"
                       "at most: 3:20, where all of them run into their time-out\n"));
  EXPECT_FALSE(fs::exists("log"));
  EXPECT_FALSE(fs::exists("runs"));
}

TEST_F(DryRun, expects_what_the_newest_run_of_this_machine_took) {
  EXPECT_EQ(run({"sweep.json"}).exit.exit_code, 0);
  const auto result = run({"sweep.json", "--dry-run"});
  EXPECT_THAT(result.output, ContainsRegex("expected: [0-9]+:[0-9][0-9] for the launches, as in "
                                           "runs/small/20[^ ]*Z\n"));
}

TEST_F(DryRun, says_where_an_earlier_run_did_not_measure_every_cell) {
  EXPECT_EQ(run({"sweep.json", "--filter", "micro_batch=4"}).exit.exit_code, 0);
  EXPECT_THAT(run({"sweep.json", "--dry-run"}).output,
              HasSubstr(", which measured 2 of the 4 cells; the others by their arithmetic\n"));
}

TEST_F(DryRun, does_not_go_by_another_machine_or_a_damaged_run) {
  EXPECT_EQ(run({"sweep.json"}).exit.exit_code, 0);
  fs::create_directories("runs/small/2000-01-01T00-00-00Z");
  fs::copy("runs/small/latest/origin.json", "runs/small/2000-01-01T00-00-00Z");
  auto origin = nlohmann::json::parse(read_file("runs/small/latest/origin.json"));
  origin["starts"][0]["machine"]["processor"] = "Abacus 9";
  write_file("runs/small/latest/origin.json", origin.dump());
  write_file("runs/small/2000-01-01T00-00-00Z/records.jsonl", "{}\n{}\n");
  const auto result = run({"sweep.json", "--dry-run"});
  EXPECT_EQ(result.exit.exit_code, 0);
  EXPECT_THAT(result.output, HasSubstr("expected: unknown"));
  EXPECT_THAT(
      result.error_tail,
      AllOf(HasSubstr("bench_sweep: warning: runs/small/2000-01-01T00-00-00Z/records.jsonl"),
            HasSubstr("; this run is not asked how long it took\n")));
}

TEST_F(DryRun, of_a_sweep_whose_device_is_absent_launches_nothing) {
  auto sweep = small_sweep();
  sweep["device"] = {{"kind", "cuda"}};
  write_file("sweep.json", sweep.dump());
  tell_workers({{"plan", "absent"}});
  const auto result = run({"sweep.json", "--dry-run"});
  EXPECT_THAT(result.output, EndsWith("nothing would be launched\n"));
  EXPECT_THAT(result.error_tail, HasSubstr("no CUDA device was found"));
}

}  // namespace
}  // namespace apps
