#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/core/device.cuh"
#include "tests/kernels/core/cuda_emulator/expect_fault.h"

namespace kernels::cuda_emulator {
namespace {

__global__ void some_exit(uint32_t last) {
  if (threadIdx.x > last) return;
  __syncthreads();
}

TEST(EmulatedBarrier, is_not_passed_by_exited_threads) {
  launch<some_exit>({{2}, {64}}, nullptr, 63U);
  expect_fault(Fault::kDivergentBarrier,
               {"some_exit", "__syncthreads at barrier_test.cpp", "its end"}, [] {
                 launch<some_exit>({{2}, {64}}, nullptr, 40U);
               });
}

__global__ void two_barriers(uint32_t first) {
  if (threadIdx.x < first) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}

TEST(EmulatedBarrier, is_one_place_for_all_threads) {
  launch<two_barriers>({{1}, {64}}, nullptr, 0U);
  launch<two_barriers>({{1}, {64}}, nullptr, 64U);
  expect_fault(Fault::kDivergentBarrier, {"two_barriers", "another barrier"}, [] {
    launch<two_barriers>({{1}, {64}}, nullptr, 32U);
  });
}

__global__ void loop_of_barriers(const int* turns) {
  for (int i = 0; i < turns[threadIdx.x]; ++i) __syncthreads();
}

TEST(EmulatedBarrier, is_passed_by_all_threads_equally_often) {
  std::vector<int> turns(96, 5);
  launch<loop_of_barriers>({{1}, {96}}, nullptr, DeviceBuffer<int>("turns", turns).data());
  turns[50] = 4;
  const DeviceBuffer<int> uneven("turns", turns);
  expect_fault(Fault::kDivergentBarrier, {"loop_of_barriers", "thread (50, 0, 0)"}, [&] {
    launch<loop_of_barriers>({{1}, {96}}, nullptr, uneven.data());
  });
}

__global__ void vote_of_some(uint32_t voters, uint32_t mask) {
  if (threadIdx.x < voters) __ballot_sync(mask, 1);
}

TEST(EmulatedWarp, waits_for_all_lanes_of_the_mask) {
  launch<vote_of_some>({{1}, {32}}, nullptr, 32U, 0xffffffffU);
  launch<vote_of_some>({{1}, {32}}, nullptr, 8U, 0x000000ffU);
  expect_fault(Fault::kDivergentWarp, {"vote_of_some", "its end"}, [] {
    launch<vote_of_some>({{1}, {32}}, nullptr, 8U, 0xffffffffU);
  });
  expect_fault(Fault::kDivergentWarp, {"vote_of_some", "not in the mask"}, [] {
    launch<vote_of_some>({{1}, {32}}, nullptr, 9U, 0x000000ffU);
  });
}

TEST(EmulatedWarp, has_no_lanes_beyond_the_block) {
  expect_fault(Fault::kDivergentWarp, {"lane 20", "the block does not have"}, [] {
    launch<vote_of_some>({{1}, {20}}, nullptr, 20U, 0xffffffffU);
  });
}

__global__ void vote_of_active() {
  __ballot_sync(__activemask(), 1);
}

__global__ void masks_apart() {
  __ballot_sync(threadIdx.x < 16 ? 0xffffffff : 0xffff0000, 1);
}

TEST(EmulatedWarp, finds_lanes_that_name_different_masks) {
  launch<vote_of_active>({{1}, {32}}, nullptr);
  expect_fault(Fault::kDivergentWarp, {"masks_apart"}, [] {
    launch<masks_apart>({{1}, {32}}, nullptr);
  });
}

__global__ void different_operations(float* output) {
  if (threadIdx.x < 16) {
    output[threadIdx.x] = __shfl_sync(0xffffffff, 1.0F, 0);
  } else {
    __syncwarp();
  }
}

TEST(EmulatedWarp, finds_lanes_at_different_operations) {
  DeviceBuffer<float> output("output", 32);
  expect_fault(Fault::kDivergentWarp, {"different_operations"}, [&] {
    launch<different_operations>({{1}, {32}}, nullptr, output.data());
  });
}

/// The order in which threads come.
__global__ void take_tickets(uint32_t* tickets, uint32_t* next) {
  tickets[blockIdx.x * blockDim.x + threadIdx.x] = atomicAdd(next, 1U);
}

std::vector<uint32_t> order_of_run(uint64_t seed) {
  DeviceBuffer<uint32_t> tickets("tickets", 4 * 96);
  DeviceBuffer<uint32_t> next("next", std::vector<uint32_t>{0});
  seed_schedule(seed);
  launch<take_tickets>({{4}, {96}}, nullptr, tickets.data(), next.data());
  return tickets.values();
}

TEST(Schedule, is_drawn_from_the_seed) {
  EXPECT_EQ(order_of_run(1), order_of_run(1));
  std::set<std::vector<uint32_t>> orders;
  for (uint64_t seed = 0; seed < 20; ++seed) orders.insert(order_of_run(seed));
  EXPECT_EQ(orders.size(), 20U);
}

TEST(Schedule, puts_any_block_warp_and_lane_first) {
  std::set<ptrdiff_t> blocks;
  std::set<ptrdiff_t> warps;
  std::set<ptrdiff_t> lanes;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    const std::vector<uint32_t> order = order_of_run(seed);
    const ptrdiff_t first = std::find(order.begin(), order.end(), 0U) - order.begin();
    blocks.insert(first / 96);
    warps.insert(first % 96 / 32);
    lanes.insert(first % 32);
  }
  EXPECT_EQ(blocks.size(), 4U);
  EXPECT_EQ(warps.size(), 3U);
  EXPECT_EQ(lanes.size(), 32U);
}

__global__ void write_index(uint32_t* output) {
  const uint32_t block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const uint32_t thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  output[block * (blockDim.x * blockDim.y * blockDim.z) + thread] = block * 1000 + thread;
}

TEST(Launch, has_the_indices_of_three_dimensions) {
  DeviceBuffer<uint32_t> output("output", 24 * 30);
  const uint64_t before = threads_run();
  launch<write_index>({{2, 3, 4}, {5, 3, 2}}, nullptr, output.data());
  EXPECT_EQ(threads_run() - before, 24U * 30);
  for (uint32_t i = 0; i < 24 * 30; ++i) EXPECT_EQ(output.values()[i], i / 30 * 1000 + i % 30);
}

TEST(Launch, knows_the_name_of_a_kernel) {
  EXPECT_EQ(kernel_name("void f() [with auto kKernel = ns::k<float>; Args = {int}]"),
            "ns::k<float>");
  EXPECT_EQ(kernel_name("void f()"), "void f()");
}

}  // namespace
}  // namespace kernels::cuda_emulator
