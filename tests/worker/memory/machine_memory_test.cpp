#include "worker/memory/machine_memory.h"

#include <vector>

#include <gtest/gtest.h>

namespace worker {
namespace {

TEST(MachineMemory, reports_what_a_running_machine_must_have) {
  EXPECT_GT(machine_floor_bytes(), 0);
  EXPECT_LE(machine_floor_bytes(), int64_t{1} << 30);
}

TEST(MachineMemory, touched_pages_are_resident) {
  const int64_t before = resident_bytes();
  const std::vector<char> touched(std::size_t{64} << 20, 1);
  EXPECT_GE(resident_bytes() - before, int64_t{60} << 20);
  EXPECT_EQ(touched.back(), 1);
}

}  // namespace
}  // namespace worker
