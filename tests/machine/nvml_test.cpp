#include "machine/nvml.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace machine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr const char* kAddress = "0000:65:00.0";

TEST(Nvml, reads_clocks_temperature_and_what_holds_the_gpu_back) {
  const Nvml nvml(FAKE_NVML);
  const GpuState state = nvml.state(kAddress);
  EXPECT_EQ(state.multiprocessor_mhz, 1410U);
  EXPECT_EQ(state.memory_mhz, 1593U);
  EXPECT_EQ(state.temperature_celsius, 71U);
  EXPECT_THAT(state.slowed_by, ElementsAre("power cap", "thermal slowdown by hardware"));
}

TEST(Nvml, counts_more_processes_than_it_first_has_room_for) {
  EXPECT_EQ(Nvml(FAKE_NVML).processes(kAddress), 40U);
}

TEST(Nvml, says_what_is_not_there) {
  EXPECT_THAT([] { Nvml("libno-such-nvml.so"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("libno-such-nvml.so")));
  EXPECT_THAT([] { Nvml("libc.so.6"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("libc.so.6 has no nvmlInit_v2")));
  EXPECT_THAT([] { Nvml(FAKE_NVML).state("0000:01:00.0"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("find the GPU: Not Found")));
}

}  // namespace
}  // namespace machine
