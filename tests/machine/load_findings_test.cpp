#include "machine/load_findings.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/machine/fake_root.h"

namespace machine {
namespace {

using ::testing::HasSubstr;

class LoadFindings : public FakeRoot {
 protected:
  /// Processes of which `ticks` go by in the two seconds that are watched.
  LoadFindings() {
    watch_.seconds = 2;
    watch_.own_process = 7;
    run(7, "bench_sweep", seconds(2));
    run(8, "idle", 0);
  }
  static int64_t seconds(double count) {
    return static_cast<int64_t>(count * static_cast<double>(::sysconf(_SC_CLK_TCK)));
  }
  void run(int number, const std::string& name, int64_t ticks) {
    watch_.before.processes[number] = {name, 1000};
    watch_.after.processes[number] = {name, 1000 + ticks};
  }
  Finding finding(const std::string& subject) const {
    for (const auto& found : load_findings({0, 1, 2, 3}, watch_, root_)) {
      if (found.subject == subject) return found;
    }
    ADD_FAILURE() << "nothing about " << subject;
    return {};
  }
  Verdict verdict(const std::string& subject) const { return finding(subject).verdict; }

  Watch watch_;
};

TEST_F(LoadFindings, a_load_above_a_tenth_of_the_processors_disturbs) {
  EXPECT_EQ(verdict("load"), Verdict::kUnknown);
  write("proc/loadavg", "0.39 2.00 3.00 1/99 1234\n");
  EXPECT_EQ(verdict("load"), Verdict::kOk);
  write("proc/loadavg", "0.41 0.00 0.00 1/99 1234\n");
  EXPECT_EQ(verdict("load"), Verdict::kDisturbs);
  EXPECT_EQ(finding("load").what, "0.41 over the last minute on 4 processors");
}

TEST_F(LoadFindings, this_process_and_idle_ones_do_not_count) {
  EXPECT_EQ(verdict("other processes"), Verdict::kOk);
}

TEST_F(LoadFindings, busy_processes_are_named_the_busiest_first) {
  run(9, "cc1plus", seconds(1));
  run(10, "tar", seconds(0.2));
  run(11, "cron", seconds(0.02));  // 1 %
  const auto found = finding("other processes");
  EXPECT_EQ(found.verdict, Verdict::kDisturbs);
  EXPECT_EQ(found.what, "busy, of a processor: cc1plus (9) 50 %, tar (10) 10 %");
}

TEST_F(LoadFindings, a_process_that_started_meanwhile_counts_from_its_start) {
  watch_.after.processes[12] = {"make", seconds(1)};
  EXPECT_THAT(finding("other processes").what, HasSubstr("make (12) 50 %"));
}

TEST_F(LoadFindings, many_busy_processes_are_counted) {
  for (int number = 20; number < 25; ++number) run(number, "sh", seconds(1));
  EXPECT_THAT(finding("other processes").what, HasSubstr(", and 2 more"));
}

// Four processors for two seconds: 0.4 s of 8 s are 5 %.
TEST_F(LoadFindings, time_that_a_hypervisor_took_disturbs) {
  EXPECT_EQ(verdict("stolen time"), Verdict::kOk);
  watch_.before.stolen_ticks = 500;
  watch_.after.stolen_ticks = 500 + seconds(0.4);
  EXPECT_EQ(verdict("stolen time"), Verdict::kDisturbs);
  EXPECT_EQ(finding("stolen time").what, "a hypervisor took 5.0 % of the processors' time");
}

TEST_F(LoadFindings, a_quota_below_the_processors_disturbs) {
  EXPECT_EQ(verdict("processor quota"), Verdict::kOk);
  write("proc/self/cgroup", "0::/job\n");
  write("sys/fs/cgroup/job/cpu.max", "250000 100000\n");
  EXPECT_EQ(verdict("processor quota"), Verdict::kDisturbs);
  EXPECT_THAT(finding("processor quota").what, HasSubstr("the time of 3 of 4 processors"));
}

class ProcessTimesFiles : public FakeRoot {};

// Fields as proc(5) numbers them: 14 is user time, 15 system time; a name may hold ")" and blanks.
TEST_F(ProcessTimesFiles, are_read_by_process) {
  write("proc/12/stat", "12 (a) b (c) S 1 12 12 0 -1 4194560 9 0 0 0 30 12 0 0 20 0 1 0\n");
  write("proc/13/stat", "13 (short) S 1\n");
  write("proc/self/stat", "12 (x) S 1 12 12 0 -1 4194560 9 0 0 0 30 12 0 0 20 0 1 0\n");
  write("proc/stat", "cpu  1 2 3 4 5 6 7 88 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
  const auto times = read_process_times(root_);
  ASSERT_EQ(times.processes.size(), 1u);
  EXPECT_EQ(times.processes.at(12).name, "a) b (c");
  EXPECT_EQ(times.processes.at(12).ticks, 42);
  EXPECT_EQ(times.stolen_ticks, 88);
}

TEST_F(ProcessTimesFiles, are_empty_where_the_kernel_shows_none) {
  EXPECT_TRUE(read_process_times(root_).processes.empty());
  EXPECT_EQ(read_process_times(root_).stolen_ticks, 0);
}

TEST(WatchHere, sees_this_process) {
  const auto watch = watch_processes(0.01);
  EXPECT_TRUE(watch.after.processes.contains(::getpid()));
  EXPECT_EQ(watch.own_process, ::getpid());
  EXPECT_GT(watch.seconds, 0);
}

}  // namespace
}  // namespace machine
