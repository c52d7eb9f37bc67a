#include "harness/launch/machine_memory.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

class MachineMemory : public ::testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) {
    const auto path = directory_.path() / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::optional<int64_t> available() const { return available_memory_bytes(directory_.path()); }

  stubs::TemporaryDirectory directory_;
};

TEST_F(MachineMemory, is_what_the_kernel_calls_available) {
  write("proc/meminfo", "MemTotal:       8000 kB\nMemFree:  1 kB\nMemAvailable:   3000 kB\n");
  EXPECT_EQ(available(), 3000 * 1024);
}

TEST_F(MachineMemory, is_less_where_the_container_may_use_less) {
  write("proc/meminfo", "MemAvailable:   3000 kB\n");
  write("sys/fs/cgroup/memory.max", "2000000\n");
  write("sys/fs/cgroup/memory.current", "1500000\n");
  EXPECT_EQ(available(), 500000);
  write("sys/fs/cgroup/memory.stat", "anon 1400000\ninactive_file 90000\n");
  EXPECT_EQ(available(), 590000);
}

TEST_F(MachineMemory, a_container_without_a_bound_changes_nothing) {
  write("proc/meminfo", "MemAvailable:   3000 kB\n");
  write("sys/fs/cgroup/memory.max", "max\n");
  write("sys/fs/cgroup/memory.current", "1500000\n");
  EXPECT_EQ(available(), 3000 * 1024);
}

TEST_F(MachineMemory, is_unknown_where_the_kernel_does_not_say) {
  EXPECT_EQ(available(), std::nullopt);
}

TEST(MachineMemoryHere, is_known) {
  EXPECT_GT(available_memory_bytes().value(), 0);
}

}  // namespace
}  // namespace harness
