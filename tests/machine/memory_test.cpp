#include "machine/memory.h"

#include "tests/machine/fake_root.h"

namespace machine {
namespace {

class Memory : public FakeRoot {
 protected:
  Memory() {
    write("proc/meminfo", "MemTotal:  8000 kB\nMemFree:  1 kB\nMemAvailable:  3000 kB\n");
  }
  void group(const std::string& folder, const std::string& limit, const std::string& used) const {
    write("sys/fs/cgroup/" + folder + "/memory.max", limit + "\n");
    write("sys/fs/cgroup/" + folder + "/memory.current", used + "\n");
  }
  std::optional<int64_t> available() const { return available_memory_bytes(root_); }
};

constexpr int64_t kMachine = 3000 * 1024;

TEST_F(Memory, is_what_the_kernel_calls_available) {
  EXPECT_EQ(available(), kMachine);
}

TEST_F(Memory, is_less_where_the_container_may_use_less) {
  write("proc/self/cgroup", "0::/\n");
  group("", "2000000", "1500000");
  EXPECT_EQ(available(), 500000);
}

TEST_F(Memory, pages_of_files_that_are_not_in_use_count_as_free) {
  write("proc/self/cgroup", "0::/\n");
  group("", "2000000", "1500000");
  write("sys/fs/cgroup/memory.stat", "anon 1400000\ninactive_file 90000\ninactive_file_x 7\n");
  EXPECT_EQ(available(), 590000);
}

TEST_F(Memory, is_what_the_tightest_group_above_leaves) {
  write("proc/self/cgroup", "0::/user/shell/job\n");
  group("user/shell/job", "max", "100000");
  group("user/shell", "2500000", "100000");
  group("user", "1000000", "300000");
  EXPECT_EQ(available(), 700000);
  group("user/shell/job", "400000", "100000");
  EXPECT_EQ(available(), 300000);
}

TEST_F(Memory, groups_that_the_container_does_not_show_are_passed_over) {
  write("proc/self/cgroup", "0::/docker/0123\n");
  group("", "2000000", "1500000");
  EXPECT_EQ(available(), 500000);
}

TEST_F(Memory, a_path_out_of_the_tree_is_not_followed) {
  write("proc/self/cgroup", "0::/../outside\n");
  write("sys/fs/outside/memory.max", "1000\n");
  write("sys/fs/outside/memory.current", "0\n");
  EXPECT_EQ(available(), kMachine);
}

TEST_F(Memory, version_1_is_walked_in_its_own_tree) {
  write("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/a/b\n0::/\n");
  write("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/a/b/memory.usage_in_bytes", "5000\n");
  EXPECT_EQ(available(), kMachine);
  write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "2000000\n");
  write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "1500000\n");
  write("sys/fs/cgroup/memory/a/memory.stat", "inactive_file 1\ntotal_inactive_file 90000\n");
  EXPECT_EQ(available(), 590000);
}

TEST_F(Memory, a_group_above_its_limit_leaves_nothing) {
  write("proc/self/cgroup", "0::/\n");
  group("", "1000", "2000");
  EXPECT_EQ(available(), 0);
}

TEST_F(Memory, is_unknown_where_the_kernel_does_not_say) {
  write("proc/meminfo", "MemTotal:  8000 kB\n");
  EXPECT_EQ(available(), std::nullopt);
}

TEST(MemoryHere, is_known) {
  EXPECT_GT(available_memory_bytes().value(), 0);
}

}  // namespace
}  // namespace machine
