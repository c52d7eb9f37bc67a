#include "harness/launch/device_lock.h"

#include <cstdlib>
#include <fstream>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "harness/harness_error.h"
#include "harness/launch/interrupt.h"
#include "harness/launch/process.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using ::testing::HasSubstr;

class DeviceLockTest : public ::testing::Test {
 protected:
  DeviceLockTest() { ::setenv("BENCH_SWEEP_LOCKS", directory_.path().c_str(), 1); }
  ~DeviceLockTest() override { ::unsetenv("BENCH_SWEEP_LOCKS"); }

  stubs::TemporaryDirectory directory_;
};

Device device(const std::string& kind) {
  Device result;
  result.kind = kind;
  return result;
}

TEST_F(DeviceLockTest, names_the_device_that_cells_use) {
  EXPECT_EQ(lock_name(device("cpu")), "cpu");
  ::unsetenv("CUDA_VISIBLE_DEVICES");
  EXPECT_EQ(lock_name(device("cuda")), "cuda-0");
  ::setenv("CUDA_VISIBLE_DEVICES", "GPU-5f,1", 1);
  EXPECT_EQ(lock_name(device("cuda")), "cuda-GPU-5f");
  ::unsetenv("CUDA_VISIBLE_DEVICES");
  EXPECT_EQ(lock_name(device("simulated")), std::nullopt);
}

TEST_F(DeviceLockTest, lies_where_the_user_says) {
  ::setenv("BENCH_SWEEP_LOCKS", (directory_.path() / "a/b").c_str(), 1);
  EXPECT_EQ(lock_folder().path, directory_.path() / "a/b");
  EXPECT_TRUE(std::filesystem::is_directory(directory_.path() / "a/b"));
  ::setenv("BENCH_SWEEP_LOCKS", "/proc/none", 1);
  EXPECT_THROW(lock_folder(), HarnessError);
  ::unsetenv("BENCH_SWEEP_LOCKS");
  const bool usual = ::access("/run/lock", W_OK | X_OK) == 0;
  EXPECT_EQ(lock_folder().path, usual ? "/run/lock" : "/tmp");
  EXPECT_EQ(lock_folder().fallback, !usual);
}

TEST_F(DeviceLockTest, is_held_by_one_at_a_time_and_says_by_whom) {
  {
    const DeviceLock first(lock_folder(), "cpu");
    EXPECT_TRUE(first.held());
    DeviceLock second(lock_folder(), "cpu");
    EXPECT_FALSE(second.held());
    EXPECT_FALSE(second.try_again());
    EXPECT_THAT(second.holder(), HasSubstr("process " + std::to_string(::getpid()) + " ("));
    EXPECT_TRUE(DeviceLock(lock_folder(), "cuda-0").held());
  }
  EXPECT_TRUE(DeviceLock(lock_folder(), "cpu").held());
}

// The shell holds the lock and goes without a word.
TEST_F(DeviceLockTest, goes_with_a_process_that_is_killed) {
  const auto file = (directory_.path() / "bench_sweep.cpu.lock").string();
  const auto killed = run_process(
      {{"/bin/sh", "-c", "exec 9>" + file + "; flock 9; echo locked; kill -KILL $$"}}, "", {});
  EXPECT_EQ(killed.output, "locked\n");
  EXPECT_EQ(killed.exit.signal, SIGKILL);
  EXPECT_TRUE(DeviceLock(lock_folder(), "cpu").held());
}

TEST_F(DeviceLockTest, is_waited_for) {
  auto first = std::make_unique<DeviceLock>(lock_folder(), "cpu");
  DeviceLock second(lock_folder(), "cpu");
  EXPECT_FALSE(second.held());
  first.reset();
  wait_for(second, -1);
  EXPECT_TRUE(second.held());
}

TEST_F(DeviceLockTest, is_waited_for_no_longer_than_the_user_does) {
  const DeviceLock first(lock_folder(), "cpu");
  DeviceLock second(lock_folder(), "cpu");
  const Interrupt interrupt;
  ::raise(SIGINT);
  EXPECT_THROW(wait_for(second, interrupt.fd()), Interrupted);
}

TEST_F(DeviceLockTest, of_another_user_needs_no_right_to_write) {
  const auto file = directory_.path() / "bench_sweep.cpu.lock";
  std::ofstream(file) << "process 1 (another's)\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  DeviceLock lock(lock_folder(), "cpu");
  EXPECT_TRUE(lock.held());
}

TEST_F(DeviceLockTest, that_cannot_be_opened_is_an_error) {
  EXPECT_THROW(DeviceLock({directory_.path() / "absent"}, "cpu"), HarnessError);
}

}  // namespace
}  // namespace harness
