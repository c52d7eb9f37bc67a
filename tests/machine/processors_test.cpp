#include "machine/processors.h"

#include <gmock/gmock.h>
#include <sched.h>

#include "tests/machine/fake_root.h"

namespace machine {
namespace {

using ::testing::ElementsAre;

class Processors : public FakeRoot {
 protected:
  void siblings(int processor, const std::string& list) const {
    write(
        "sys/devices/system/cpu/cpu" + std::to_string(processor) + "/topology/thread_siblings_list",
        list + "\n");
  }
  int granted() const { return granted_processors({0, 1, 2, 3, 4, 5, 6, 7}, root_); }
};

TEST_F(Processors, all_are_granted_without_a_bound) {
  EXPECT_EQ(granted(), 8);
  EXPECT_EQ(granted_processors({}, root_), 1);
}

TEST_F(Processors, the_tightest_group_bounds_them) {
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(granted(), 8);
  write("sys/fs/cgroup/a/cpu.max", "250000 100000\n");
  EXPECT_EQ(granted(), 3);
  write("sys/fs/cgroup/a/b/cpu.max", "10000 100000\n");
  EXPECT_EQ(granted(), 1);
}

TEST_F(Processors, version_1_bounds_them_too) {
  write("proc/self/cgroup", "2:cpu,cpuacct:/a\n");
  write("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1\n");
  write("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(granted(), 8);
  write("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "400000\n");
  EXPECT_EQ(granted(), 4);
}

TEST_F(Processors, cores_are_taken_before_their_second_threads) {
  for (const int core : {0, 1, 2}) {
    const auto list = std::to_string(core) + "," + std::to_string(core + 3);
    siblings(core, list);
    siblings(core + 3, list);
  }
  EXPECT_THAT(one_to_a_core({0, 1, 2, 3, 4, 5}, root_), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(one_to_a_core({0, 2, 3, 4, 5}, root_), ElementsAre(0, 2, 4, 3, 5));
}

TEST_F(Processors, neighbours_may_share_a_core) {
  for (const int processor : {0, 1, 2, 3}) siblings(processor, processor < 2 ? "0-1" : "2-3");
  EXPECT_THAT(one_to_a_core({0, 1, 2, 3}, root_), ElementsAre(0, 2, 1, 3));
}

TEST_F(Processors, an_unknown_topology_is_a_core_each) {
  EXPECT_THAT(one_to_a_core({3, 4}, root_), ElementsAre(3, 4));
}

TEST(ProcessorList, is_as_the_kernel_writes_it) {
  EXPECT_EQ(processor_list({}), "");
  EXPECT_EQ(processor_list({5}), "5");
  EXPECT_EQ(processor_list({0, 1, 2, 3, 8, 10, 11}), "0-3,8,10-11");
}

TEST(ProcessorsHere, allowed_ones_follow_the_affinity) {
  const auto before = allowed_processors();
  ASSERT_FALSE(before.empty());
  cpu_set_t old_set;
  ASSERT_EQ(::sched_getaffinity(0, sizeof old_set, &old_set), 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(before.back(), &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_THAT(allowed_processors(), ElementsAre(before.back()));
  EXPECT_EQ(available_processors(), 1);
  ASSERT_EQ(::sched_setaffinity(0, sizeof old_set, &old_set), 0);
}

}  // namespace
}  // namespace machine
