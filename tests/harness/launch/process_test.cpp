#include "harness/launch/process.h"

#include <filesystem>
#include <iterator>

#include <dirent.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "harness/harness_error.h"
#include "harness/launch/interrupt.h"

namespace harness {
namespace {

using End = ProcessResult::End;

ProcessResult shell(const std::string& script, const std::string& input = "",
                    const ProcessLimits& limits = {}) {
  return run_process({.arguments = {"/bin/sh", "-c", script}}, input, limits);
}

auto open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST(Process, passes_input_and_returns_output_and_errors) {
  const auto result = shell("cat; echo oops >&2; exit 7", "hello\n");
  EXPECT_EQ(result.end, End::kExited);
  EXPECT_EQ(result.exit.exit_code, 7);
  EXPECT_EQ(result.output, "hello\n");
  EXPECT_EQ(result.error_tail, "oops\n");
  EXPECT_GT(result.exit.max_resident_bytes, 0);
}

TEST(Process, moves_more_than_a_pipe_holds_both_ways) {
  const std::string input(3 << 20, 'x');
  EXPECT_EQ(shell("cat", input).output, input);
}

TEST(Process, survives_a_child_that_reads_no_input) {
  const auto result = shell("exec <&-; echo done", std::string(3 << 20, 'x'));
  EXPECT_EQ(result.end, End::kExited);
  EXPECT_EQ(result.output, "done\n");
}

TEST(Process, keeps_only_the_tail_of_standard_error) {
  const auto result = shell("head -c 1000000 /dev/zero >&2; printf end >&2");
  EXPECT_EQ(result.error_tail.size(), 64 * 1024u);
  EXPECT_EQ(result.error_tail.substr(result.error_tail.size() - 3), "end");
}

TEST(Process, sets_the_environment_on_top_of_its_own) {
  ::setenv("BENCH_TEST_KEPT", "kept", 1);
  ::setenv("BENCH_TEST_CHANGED", "before", 1);
  const Command command = {{"/bin/sh", "-c", "echo $BENCH_TEST_KEPT $BENCH_TEST_CHANGED"},
                           {{"BENCH_TEST_CHANGED", "after"}}};
  EXPECT_EQ(run_process(command, "", {}).output, "kept after\n");
}

TEST(Process, writes_no_core_file) {
  EXPECT_EQ(shell("ulimit -c").output, "0\n");
}

TEST(Process, runs_in_a_group_of_its_own) {
  EXPECT_EQ(shell("[ $(cut -d' ' -f5 /proc/$$/stat) = $$ ] && echo own").output, "own\n");
}

TEST(Process, kills_what_outlives_its_time) {
  const auto result = shell("sleep 600 & sleep 600", "", {.timeout_s = 0.1});
  EXPECT_EQ(result.end, End::kTimedOut);
}

TEST(Process, is_asked_where_it_is_before_its_time_is_up) {
  const auto result =
      shell("trap 'echo here >&2' USR1; while :; do sleep 0.01; done", "", {.timeout_s = 1});
  EXPECT_EQ(result.end, End::kTimedOut);
  EXPECT_TRUE(result.asked);
  EXPECT_EQ(result.error_tail, "here\n");
}

TEST(Process, may_still_end_by_itself_after_it_was_asked) {
  const auto result =
      shell("trap 'echo done; exit 7' USR1; while :; do sleep 0.01; done", "", {.timeout_s = 2});
  EXPECT_EQ(result.end, End::kExited);
  EXPECT_EQ(result.exit.exit_code, 7);
  EXPECT_EQ(result.output, "done\n");
}

TEST(Process, is_not_asked_where_it_would_die_of_it) {
  const auto result = shell("while :; do sleep 0.01; done", "", {.timeout_s = 0.3});
  EXPECT_EQ(result.end, End::kTimedOut);
  EXPECT_FALSE(result.asked);
}

TEST(Process, leaves_neither_descriptors_nor_zombies) {
  shell("true");  // starts what one process starts once
  const auto before = open_descriptors();
  shell("true");
  shell("sleep 600", "", {.timeout_s = 0.01});
  EXPECT_THROW(run_process({.arguments = {"/nowhere/program"}}, "", {}), HarnessError);
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

bool readable(int fd) {
  pollfd waiting = {fd, POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 1;
}

TEST(Process, stops_when_asked) {
  ::signal(SIGHUP, SIG_DFL);  // also where the tests run under nohup
  for (const std::string signal : {"INT", "TERM", "HUP"}) {
    const Interrupt interrupt;
    EXPECT_FALSE(readable(interrupt.fd()));
    EXPECT_THROW(shell("kill -" + signal + " $PPID; sleep 600", "", {.stop_fd = interrupt.fd()}),
                 Interrupted);
    EXPECT_TRUE(readable(interrupt.fd()));
  }
}

TEST(Process, goes_on_after_a_hangup_that_nohup_ignores) {
  ::signal(SIGHUP, SIG_IGN);
  {
    const Interrupt interrupt;
    ::raise(SIGHUP);
    EXPECT_FALSE(readable(interrupt.fd()));
  }
  EXPECT_EQ(::signal(SIGHUP, SIG_DFL), SIG_IGN);
}

TEST(Process, a_second_interrupt_ends_everything_at_once) {
  EXPECT_EXIT(
      {
        const Interrupt interrupt;
        ::raise(SIGINT);
        ::raise(SIGTERM);
      },
      ::testing::ExitedWithCode(130), "");
}

TEST(Process, knows_how_a_child_ended_where_its_own_parent_ignored_children) {
  ::signal(SIGCHLD, SIG_IGN);
  const auto result = shell("exit 7");
  EXPECT_EQ(result.exit.exit_code, 7);
  ::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(shell("kill -SEGV $$").exit.signal, SIGSEGV);
}

TEST(Process, an_unlimited_timeout_is_no_timeout) {
  EXPECT_EQ(shell("true", "", {.timeout_s = 1e300}).end, End::kExited);
}

}  // namespace
}  // namespace harness
