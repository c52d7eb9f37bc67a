#include "machine/facts.h"

#include <unistd.h>

#include "tests/machine/fake_root.h"

namespace machine {
namespace {

using MachineFacts = FakeRoot;

TEST_F(MachineFacts, name_this_machine_and_its_kernel) {
  std::string name(256, '\0');
  ASSERT_EQ(::gethostname(name.data(), name.size()), 0);
  const auto facts = machine_facts(root_);
  EXPECT_EQ(facts.at(kMachineName), name.c_str());
  EXPECT_FALSE(facts.at("kernel").empty());
  EXPECT_GE(std::stoi(facts.at("processors")), 1);
  EXPECT_FALSE(facts.contains("gpus"));
}

TEST_F(MachineFacts, give_memory_as_people_do) {
  EXPECT_EQ(machine_facts(root_).at("memory"), "unknown");
  write("proc/meminfo", "MemTotal:       32768000 kB\nMemFree:        1 kB\n");
  EXPECT_EQ(machine_facts(root_).at("memory"), "31.2 GiB");  // 32768000 / 2^20 = 31.25
}

TEST_F(MachineFacts, list_nvidia_devices_by_address_with_their_driver) {
  write("proc/driver/nvidia/gpus/0000:41:00.0/information", "Model: \t\t NVIDIA A100\nIRQ: 1\n");
  write("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA H200\nIRQ: 2\n");
  write("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX Open Kernel Module  580.1\n");
  const auto facts = machine_facts(root_);
  EXPECT_EQ(facts.at("gpus"), "NVIDIA H200, NVIDIA A100");
  EXPECT_EQ(facts.at("gpu driver"), "NVIDIA UNIX Open Kernel Module  580.1");
}

}  // namespace
}  // namespace machine
