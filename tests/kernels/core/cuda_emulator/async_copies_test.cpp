#include <cstdint>
#include <numeric>
#include <vector>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/core/device.cuh"
#include "tests/kernels/core/cuda_emulator/expect_fault.h"

namespace kernels::cuda_emulator {
namespace {

struct alignas(16) Tile {
  float values[32 * 4];
};

struct Steps {
  bool wait = true;
  bool barrier = true;
};

/// Copies four floats a thread, then reads what the thread after it copied.
__global__ void copy_tile(float* output, const float* input, Steps steps) {
  BENCH_SHARED(tile, Tile);
  cp_async<16>(tile.values + threadIdx.x * 4, input + threadIdx.x * 4);
  cp_async_commit();
  if (steps.wait) cp_async_wait<0>();
  if (steps.barrier) __syncthreads();
  const uint32_t next = (threadIdx.x + 1) % 32;
  for (uint32_t i = 0; i < 4; ++i) output[next * 4 + i] = tile.values[next * 4 + i];
  cp_async_wait_all();
}

std::vector<float> counted(size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 1.0F);
  return values;
}

TEST(EmulatedCopies, are_there_after_wait_and_barrier) {
  const DeviceBuffer<float> input("input", counted(128));
  DeviceBuffer<float> output("output", 128);
  launch<copy_tile>({{1}, {32}}, nullptr, output.data(), input.data(), Steps{});
  EXPECT_EQ(output.values(), counted(128));
}

TEST(EmulatedCopies, are_not_there_without_a_wait) {
  const DeviceBuffer<float> input("input", counted(128));
  DeviceBuffer<float> output("output", 128);
  expect_fault(Fault::kUnfinishedCopy, {"copy_tile", "cp.async may still fill"}, [&] {
    launch<copy_tile>({{1}, {32}}, nullptr, output.data(), input.data(), Steps{false, true});
  });
}

TEST(EmulatedCopies, are_not_there_for_others_without_a_barrier) {
  const DeviceBuffer<float> input("input", counted(128));
  DeviceBuffer<float> output("output", 128);
  seed_schedule(3);
  EXPECT_THROW(
      launch<copy_tile>({{1}, {32}}, nullptr, output.data(), input.data(), Steps{true, false}),
      EmulatorError);
}

/// Two tiles under way; the wait leaves `kGroups` of them.
template <int kGroups>
__global__ void pipeline(float* output, const float* input, uint32_t read) {
  BENCH_SHARED(tiles, Tile[2]);
  for (uint32_t i = 0; i < 2; ++i) {
    cp_async<16>(tiles[i].values + threadIdx.x * 4, input + i * 128 + threadIdx.x * 4);
    cp_async_commit();
  }
  cp_async_wait<kGroups>();
  output[threadIdx.x] = tiles[read].values[threadIdx.x * 4];
  cp_async_wait<0>();
}

TEST(EmulatedCopies, wait_in_groups) {
  const DeviceBuffer<float> input("input", counted(256));
  DeviceBuffer<float> output("output", 32);
  launch<pipeline<1>>({{1}, {32}}, nullptr, output.data(), input.data(), 0U);
  EXPECT_EQ(output.values()[31], 125);
  launch<pipeline<0>>({{1}, {32}}, nullptr, output.data(), input.data(), 1U);
  EXPECT_EQ(output.values()[31], 253);
  expect_fault(Fault::kUnfinishedCopy, {"pipeline"}, [&] {
    launch<pipeline<1>>({{1}, {32}}, nullptr, output.data(), input.data(), 1U);
  });
}

__global__ void copy_some(float* output, const float* input, int bytes) {
  BENCH_SHARED(tile, Tile);
  cp_async<16>(tile.values, input, bytes);
  cp_async_wait_all();
  for (uint32_t i = 0; i < 4; ++i) output[i] = tile.values[i];
}

TEST(EmulatedCopies, fill_with_zeros_what_they_do_not_copy) {
  const DeviceBuffer<float> input("input", counted(2));
  DeviceBuffer<float> output("output", 4);
  launch<copy_some>({{1}, {1}}, nullptr, output.data(), input.data(), 8);
  EXPECT_EQ(output.values(), (std::vector<float>{1, 2, 0, 0}));
  launch<copy_some>({{1}, {1}}, nullptr, output.data(), input.data(), 0);
  EXPECT_EQ(output.values(), std::vector<float>(4, 0));
  expect_fault(Fault::kOutOfBounds, {"reads 12 bytes", "input"}, [&] {
    launch<copy_some>({{1}, {1}}, nullptr, output.data(), input.data(), 12);
  });
}

__global__ void exit_early(const float* input) {
  BENCH_SHARED(tile, Tile);
  cp_async<4>(tile.values, input);
}

TEST(EmulatedCopies, end_before_their_thread_does) {
  const DeviceBuffer<float> input("input", counted(1));
  expect_fault(Fault::kUnfinishedCopy, {"exits"}, [&] {
    launch<exit_early>({{1}, {1}}, nullptr, input.data());
  });
}

}  // namespace
}  // namespace kernels::cuda_emulator
