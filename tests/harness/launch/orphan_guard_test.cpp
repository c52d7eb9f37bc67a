#include "harness/launch/orphan_guard.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/launch/process.h"
#include "tests/harness/launch/alive.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

/// A process that runs `script` in a shell as the driver runs a worker; its wait status.
int drive(const std::string& script) {
  const pid_t driver = ::fork();
  if (driver == 0) {
    run_process({{"/bin/sh", "-c", script}}, "", {});
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(driver, &status, 0);
  return status;
}

int number_in(const std::filesystem::path& file) {
  int number = 0;
  std::ifstream(file) >> number;
  return number;
}

/// Waits until the process is gone, at most 10 s: the guard needs a moment.
void expect_gone(int pid) {
  ASSERT_GT(pid, 0);
  for (int i = 0; i < 10'000 && alive(pid); ++i) ::usleep(1000);
  EXPECT_FALSE(alive(pid));
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {  // this process inherits it where it had a guard
  }
}

TEST(OrphanGuard, kills_a_worker_and_what_it_started_where_the_driver_is_killed) {
  const stubs::TemporaryDirectory directory;
  const auto worker = directory.path() / "worker";
  const auto grandchild = directory.path() / "grandchild";
  const int status = drive("echo $$ > '" + worker.string() + "'; sleep 600 & echo $! > '" +
                           grandchild.string() + "'; kill -KILL $PPID; wait");
  EXPECT_TRUE(WIFSIGNALED(status));
  expect_gone(number_in(worker));
  expect_gone(number_in(grandchild));
}

TEST(OrphanGuard, leaves_no_process_of_a_group_behind_that_ended_by_itself) {
  const stubs::TemporaryDirectory directory;
  const auto file = directory.path() / "grandchild";
  run_process({{"/bin/sh", "-c", "sleep 600 & echo $! > '" + file.string() + "'"}}, "", {});
  EXPECT_FALSE(alive(number_in(file)));  // reaped, not only killed
}

TEST(OrphanGuard, holds_nothing_of_the_driver_open) {
  const stubs::TemporaryDirectory directory;
  const auto guards = (directory.path() / "guards").string();
  // It may need a moment to get its name.
  const int status = drive(
      "for i in $(seq 1000); do"
      " for p in /proc/[0-9]*; do"
      "  [ \"$(cat $p/comm 2>/dev/null)\" = bench_guard ] && ls $p/fd >> '" +
      guards + "'; done; [ -s '" + guards + "' ] && break; sleep 0.01; done; :");
  EXPECT_EQ(status, 0);
  std::ifstream file(guards);
  int descriptors = 0;
  for (int number = 0; file >> number; ++descriptors) EXPECT_LE(number, 2);
  EXPECT_GE(descriptors, 3);
}

}  // namespace
}  // namespace harness
