#include "harness/launch/device_lock.h"
#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using harness::DeviceLock;
using ::testing::HasSubstr;

using DeviceUse = DriverFixture;

TEST_F(DeviceUse, of_a_busy_device_is_refused_where_the_user_says_so) {
  const DeviceLock other(harness::lock_folder(), "cpu");
  write_file("sweep.json", small_sweep().dump());
  const auto result = run({"sweep.json", "--out", "out", "--when-busy", "refuse"});
  EXPECT_EQ(result.exit.exit_code, 5);
  EXPECT_THAT(result.error_tail, HasSubstr("bench_sweep: the device cpu is in use by process " +
                                           std::to_string(::getpid()) + " ("));
  EXPECT_FALSE(fs::exists("out"));
  EXPECT_FALSE(fs::exists("log"));
  EXPECT_EQ(run({"cell", small_cell().dump(), "--when-busy", "refuse"}).exit.exit_code, 5);
}

TEST_F(DeviceUse, is_asked_for_by_every_command_that_measures) {
  const DeviceLock other(harness::lock_folder(), "cpu");
  auto sweep = small_sweep();
  sweep["global_batch"] = 8;  // tune needs one
  write_file("sweep.json", sweep.dump());
  const auto worker = stubs::worker_path().string();
  for (const auto& command : std::vector<std::vector<std::string>>{
           {"tune"}, {"gate", "--against-worker", worker}, {"selftest"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"sweep.json", "--out", "out", "--when-busy", "refuse"});
    const auto result = run(arguments);
    EXPECT_EQ(result.exit.exit_code, 5) << command.front();
    EXPECT_THAT(result.error_tail, HasSubstr("the device cpu is in use by ")) << command.front();
    EXPECT_FALSE(fs::exists("out")) << command.front();
    EXPECT_FALSE(fs::exists("log")) << command.front();
  }
}

TEST_F(DeviceUse, waits_for_a_busy_device_and_says_for_whom) {
  write_file("sweep.json", small_sweep().dump());
  const auto lock = (locks_.path() / "bench_sweep.cpu.lock").string();
  const auto command = std::string(BENCH_BINARY_DIR) + "/bin/bench_sweep sweep.json --out out " +
                       "--worker " + stubs::worker_path().string();
  // Another process holds the lock, and lets it go when it sees that this one waits.
  const auto script = "exec 8>" + lock + "; flock 8; echo 'process 7 (another)' >&8; (exec 8>&-; " +
                      command + ") 2>messages & until grep -q waiting messages; do " +
                      "sleep 0.01; done; flock -u 8; wait $!";
  const auto result = harness::run_process({{"/bin/sh", "-c", script}}, "", {.timeout_s = 60});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(read_file("messages"), HasSubstr("the device cpu is in use by process 7 (another); "
                                               "waiting for it to end"));
  EXPECT_EQ(lines_of("out/records.jsonl").size(), 8u);
}

TEST_F(DeviceUse, ends_with_a_driver_that_is_killed) {
  tell_workers({{"run", {{"", "kill_driver"}}}});
  EXPECT_EQ(run_sweep(small_sweep()).end, harness::ProcessResult::End::kSignalled);
  EXPECT_TRUE(DeviceLock(harness::lock_folder(), "cpu").held());
}

TEST_F(DeviceUse, is_not_asked_for_where_nothing_is_measured) {
  const DeviceLock other(harness::lock_folder(), "cpu");
  write_file("sweep.json", small_sweep().dump());
  EXPECT_EQ(run({"list", "sweep.json"}).exit.exit_code, 0);
  EXPECT_EQ(run({"plan", "sweep.json", "--out", "out"}).exit.exit_code, 0);
}

TEST_F(DeviceUse, of_another_device_goes_on) {
  const DeviceLock other(harness::lock_folder(), "cuda-0");
  EXPECT_EQ(run_sweep(small_sweep()).exit.exit_code, 0);
}

TEST_F(DeviceUse, needs_a_folder_for_locks_and_a_known_answer) {
  write_file("sweep.json", small_sweep().dump());
  EXPECT_EQ(run({"sweep.json", "--when-busy", "perhaps"}).exit.exit_code, 2);
  ::setenv("BENCH_SWEEP_LOCKS", "/proc/none", 1);
  const auto result = run({"sweep.json", "--out", "out"});
  EXPECT_EQ(result.exit.exit_code, 5);
  EXPECT_THAT(result.error_tail, HasSubstr("BENCH_SWEEP_LOCKS"));
  EXPECT_FALSE(fs::exists("out"));
}

}  // namespace
}  // namespace apps
