#include "machine/cpu_name.h"

#include <gtest/gtest.h>

#include "tests/machine/fake_root.h"

namespace machine {
namespace {

class CpuName : public FakeRoot {};

TEST_F(CpuName, generations_of_one_name_differ) {
  write("proc/cpuinfo",
        "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 26\nmodel\t\t: 2\n"
        "model name\t: AMD EPYC\nstepping\t: 1\n\nprocessor\t: 1\nmodel name\t: other\n");
  EXPECT_EQ(cpu_name(root_), "AMD EPYC (family 26, model 2, stepping 1)");
}

TEST_F(CpuName, what_is_not_said_is_left_out) {
  write("proc/cpuinfo", "model name\t: Some CPU @ 2: 5 GHz\nstepping\t: 3\n");
  EXPECT_EQ(cpu_name(root_), "Some CPU @ 2: 5 GHz (stepping 3)");
  write("proc/cpuinfo", "model name\t: Some CPU\n");
  EXPECT_EQ(cpu_name(root_), "Some CPU");
}

TEST_F(CpuName, without_a_name_it_is_unknown) {
  EXPECT_EQ(cpu_name(root_), "unknown");
  write("proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 50.00\n");
  EXPECT_EQ(cpu_name(root_), "unknown");
}

}  // namespace
}  // namespace machine
