#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

using ::testing::AnyOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

using Doctor = DriverFixture;

// What is found depends on the machine; that everything is looked at does not.
TEST_F(Doctor, looks_at_everything_and_writes_nothing) {
  const auto result = run({"doctor"});
  EXPECT_THAT(result.exit.exit_code, AnyOf(0, 1)) << result.output << result.error_tail;
  for (const auto* subject :
       {"governor", "turbo", "SMT", "clock source", "virtual machine", "load", "other processes",
        "stolen time", "processor quota", "free memory", "swap", "huge pages", "LibTorch"}) {
    EXPECT_THAT(result.output, ContainsRegex(std::string("(ok|disturbs|unknown) +") + subject));
  }
  EXPECT_THAT(result.output, ContainsRegex("ok +worker +/.*/worker.py\n"));
  EXPECT_THAT(result.error_tail, HasSubstr("of 14 findings "));
  EXPECT_TRUE(std::filesystem::is_empty("."));
}

TEST_F(Doctor, a_worker_that_is_missing_or_fails_is_exit_status_5) {
  const auto missing = run_plain({"doctor", "--worker", "nowhere"});
  EXPECT_EQ(missing.exit.exit_code, 5);
  EXPECT_THAT(missing.output, ContainsRegex("broken +worker +no worker program at nowhere; build"));
  tell_workers({{"plan", "exit3"}});
  const auto failing = run({"doctor"});
  EXPECT_EQ(failing.exit.exit_code, 5);
  EXPECT_THAT(failing.output, ContainsRegex("broken +worker .*status 3: cannot go on"));
}

TEST_F(Doctor, knows_the_devices_that_sweeps_name) {
  EXPECT_THAT(run({"doctor", "--device", "cuda"}).output,
              AnyOf(HasSubstr("NVIDIA driver"), HasSubstr("CUDA runtime")));
  const auto result = run({"doctor", "--device", "abacus"});
  EXPECT_EQ(result.exit.exit_code, 2);
  EXPECT_THAT(result.error_tail, HasSubstr("see `bench_sweep doctor --help`"));
}

}  // namespace
}  // namespace apps
