#include <cstdint>
#include <vector>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/core/device.cuh"
#include "tests/kernels/core/cuda_emulator/expect_fault.h"

namespace kernels::cuda_emulator {
namespace {

// ---- global memory

__global__ void add_one(float* values, int count) {
  const auto i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) values[i] += 1;
}

TEST(EmulatedMemory, is_read_and_written_by_every_thread_once) {
  for (const uint32_t threads : {1U, 31U, 32U, 33U, 128U, 1024U}) {
    DeviceBuffer<float> values("values", std::vector<float>(1000, 2));
    launch<add_one>({{(1000 + threads - 1) / threads}, {threads}}, nullptr, values.data(), 1000);
    EXPECT_EQ(values.values(), std::vector<float>(1000, 3));
  }
}

TEST(EmulatedMemory, finds_a_write_out_of_bounds) {
  DeviceBuffer<float> values("values", 100);
  expect_fault(Fault::kOutOfBounds, {"add_one", "thread (100, 0, 0)", "byte 400 of values of 400"},
               [&] {
                 launch<add_one>({{1}, {128}}, nullptr, values.data(), 101);
               });
}

TEST(EmulatedMemory, finds_accesses_before_and_between_buffers) {
  DeviceBuffer<float> first("first", 10);
  DeviceBuffer<float> second("second", 10);
  for (DeviceBuffer<float>* buffer : {&first, &second}) {
    expect_fault(Fault::kOutOfBounds, {"reads 4 bytes"}, [&] {
      launch<add_one>({{1}, {1}}, nullptr, buffer->data() - 1, 1);
    });
    expect_fault(Fault::kOutOfBounds, {"reads 4 bytes"}, [&] {
      launch<add_one>({{1}, {1}}, nullptr, buffer->data() + 10, 1);
    });
  }
}

TEST(EmulatedMemory, finds_accesses_to_the_hosts_memory) {
  std::vector<float> values(10);
  expect_fault(Fault::kOutOfBounds, {"reads 4 bytes"}, [&] {
    launch<add_one>({{1}, {1}}, nullptr, values.data(), 1);
  });
}

struct Table {
  float values[5];
};
constexpr float kConstants[5] = {1, 10, 100, 1000, 10000};

__global__ void add_tables(float* output, Table arguments) {
  const uint32_t i = threadIdx.x;
  float on_stack[5];
  for (uint32_t j = 0; j < 5; ++j) on_stack[(i + j) % 5] = arguments.values[j];
  output[i] = kConstants[i] + on_stack[(i + i) % 5];
}

TEST(EmulatedMemory, holds_arguments_constants_and_stacks) {
  DeviceBuffer<float> output("output", 5);
  launch<add_tables>({{1}, {5}}, nullptr, output.data(), Table{{1, 2, 3, 4, 5}});
  EXPECT_EQ(output.values(), (std::vector<float>{2, 12, 103, 1004, 10005}));
}

__global__ void load_words(uint32_t* output, const uint16_t* input) {
  const auto* from = reinterpret_cast<const uint4*>(input);
  require_aligned(from, sizeof(*from));
  output[0] = from->w;
}

TEST(EmulatedMemory, finds_a_vector_load_that_is_not_aligned) {
  DeviceBuffer<uint32_t> output("output", 1);
  DeviceBuffer<uint16_t> aligned("aligned", std::vector<uint16_t>{0, 1, 2, 3, 4, 5, 6, 7});
  launch<load_words>({{1}, {1}}, nullptr, output.data(), aligned.data());
  EXPECT_EQ(output.values()[0], 0x00070006U);
  DeviceBuffer<uint16_t> shifted("shifted", 8, 1);
  expect_fault(Fault::kMisaligned, {"byte 0 of shifted", "16 bytes"}, [&] {
    launch<load_words>({{1}, {1}}, nullptr, output.data(), shifted.data());
  });
}

__global__ void read_unaligned_word(uint32_t* output, const uint16_t* input) {
  output[0] = *reinterpret_cast<const uint32_t*>(input + 1);
}

TEST(EmulatedMemory, finds_a_word_that_is_not_aligned_without_being_told) {
  DeviceBuffer<uint32_t> output("output", 1);
  DeviceBuffer<uint16_t> input("input", 8);
  expect_fault(Fault::kMisaligned, {"byte 2 of input", "4 bytes"}, [&] {
    launch<read_unaligned_word>({{1}, {1}}, nullptr, output.data(), input.data());
  });
}

__global__ void all_write(float* values, int index_of_block) {
  values[blockIdx.x * static_cast<uint32_t>(index_of_block)] = static_cast<float>(blockIdx.x);
}

__global__ void all_add(float* sum) {
  atomicAdd(sum, static_cast<float>(blockIdx.x * blockDim.x + threadIdx.x));
}

__global__ void all_read(float* values, const float* from, uint32_t writer) {
  const float value = from[0];
  if (blockIdx.x == writer) values[0] = value;
}

TEST(EmulatedMemory, finds_blocks_that_touch_the_same_place) {
  DeviceBuffer<float> values("values", std::vector<float>(8, 1));
  launch<all_write>({{8}, {1}}, nullptr, values.data(), 1);
  expect_fault(Fault::kRace, {"values", "another block"}, [&] {
    launch<all_write>({{8}, {1}}, nullptr, values.data(), 0);
  });
  launch<all_read>({{8}, {1}}, nullptr, values.data() + 1, values.data(), 5U);
  expect_fault(Fault::kRace, {"values", "another block"}, [&] {
    launch<all_read>({{8}, {1}}, nullptr, values.data(), values.data(), 5U);
  });
}

TEST(EmulatedMemory, adds_atomically_in_any_order) {
  DeviceBuffer<float> sum("sum", std::vector<float>{0});
  launch<all_add>({{3}, {70}}, nullptr, sum.data());
  EXPECT_EQ(sum.values()[0], 209 * 210 / 2);
}

// ---- shared memory

template <bool kBarrier>
__global__ void reverse_block(float* values) {
  BENCH_SHARED(shared, float[64]);
  shared[threadIdx.x] = values[threadIdx.x];
  if (kBarrier) __syncthreads();
  values[threadIdx.x] = shared[63 - threadIdx.x];
}

TEST(EmulatedMemory, finds_a_missing_barrier) {
  std::vector<float> input(64);
  for (size_t i = 0; i < 64; ++i) input[i] = static_cast<float>(i);
  DeviceBuffer<float> values("values", input);
  launch<reverse_block<true>>({{1}, {64}}, nullptr, values.data());
  EXPECT_EQ(values.values(), std::vector<float>(input.rbegin(), input.rend()));
  expect_fault(Fault::kRace, {"reverse_block", "shared variable 1", "no barrier between"}, [&] {
    launch<reverse_block<false>>({{1}, {64}}, nullptr, values.data());
  });
}

/// A tile that is filled again before all have read it.
template <bool kSecondBarrier>
__global__ void sum_tiles(float* output, const float* input, int tiles) {
  BENCH_SHARED(shared, float[64]);
  float sum = 0;
  for (int tile = 0; tile < tiles; ++tile) {
    shared[threadIdx.x] = input[static_cast<uint32_t>(tile) * 64 + threadIdx.x];
    __syncthreads();
    for (uint32_t i = 0; i < 64; ++i) sum += shared[i];
    if (kSecondBarrier) __syncthreads();
  }
  output[threadIdx.x] = sum;
}

TEST(EmulatedMemory, finds_a_missing_barrier_between_reads_and_the_next_write) {
  DeviceBuffer<float> input("input", std::vector<float>(128, 1));
  DeviceBuffer<float> output("output", 64);
  launch<sum_tiles<true>>({{1}, {64}}, nullptr, output.data(), input.data(), 2);
  EXPECT_EQ(output.values(), std::vector<float>(64, 128));
  launch<sum_tiles<false>>({{1}, {64}}, nullptr, output.data(), input.data(), 1);
  expect_fault(Fault::kRace, {"sum_tiles", "with no barrier between"}, [&] {
    launch<sum_tiles<false>>({{1}, {64}}, nullptr, output.data(), input.data(), 2);
  });
}

enum class Between { kNothing, kShuffle, kSyncwarp, kSyncwarpOfHalves };

template <Between kBetween>
__global__ void reverse_warp(float* values) {
  BENCH_SHARED(shared, float[32]);
  shared[threadIdx.x] = values[threadIdx.x];
  if (kBetween == Between::kShuffle) __shfl_sync(0xffffffff, 1, 0);
  if (kBetween == Between::kSyncwarp) __syncwarp();
  if (kBetween == Between::kSyncwarpOfHalves) {
    __syncwarp(threadIdx.x < 16 ? 0x0000ffff : 0xffff0000);
  }
  values[threadIdx.x] = shared[31 - threadIdx.x];
}

TEST(EmulatedMemory, is_ordered_within_a_warp_by_syncwarp_and_by_nothing_else) {
  DeviceBuffer<float> values("values", std::vector<float>(32, 1));
  const LaunchShape warp = {{1}, {32}};
  launch<reverse_warp<Between::kSyncwarp>>(warp, nullptr, values.data());
  for (const auto& run : std::vector<std::function<void()>>{
           [&] { launch<reverse_warp<Between::kNothing>>(warp, nullptr, values.data()); },
           [&] { launch<reverse_warp<Between::kShuffle>>(warp, nullptr, values.data()); },
           [&] {
             launch<reverse_warp<Between::kSyncwarpOfHalves>>(warp, nullptr, values.data());
           }}) {
    expect_fault(Fault::kRace, {"reverse_warp", "shared variable 1"}, run);
  }
}

/// Lane 0 learns by a __syncwarp of two what lane 16 learned by one of others.
__global__ void pass_on(float* output) {
  BENCH_SHARED(shared, float);
  if (threadIdx.x == 31) shared = 5;
  if (threadIdx.x >= 16) __syncwarp(0xffff0000);
  if (threadIdx.x == 0 || threadIdx.x == 16) __syncwarp(0x00010001);
  if (threadIdx.x == 0) output[0] = shared;
}

TEST(EmulatedMemory, is_ordered_by_a_chain_of_syncwarps) {
  DeviceBuffer<float> output("output", 1);
  launch<pass_on>({{1}, {32}}, nullptr, output.data());
  EXPECT_EQ(output.values()[0], 5);
}

__global__ void write_shared(float* output, int index) {
  BENCH_SHARED(first, float[10]);
  BENCH_SHARED(second, float[10]);
  if (threadIdx.x == 0) {
    first[index] = 1;
    second[0] = 2;
  }
  __syncthreads();
  output[threadIdx.x] = first[0];
}

TEST(EmulatedMemory, finds_a_write_outside_of_a_shared_variable) {
  DeviceBuffer<float> output("output", 32);
  launch<write_shared>({{1}, {32}}, nullptr, output.data(), 0);
  for (const int index : {10, 40, -1}) {
    expect_fault(Fault::kOutOfBounds, {"thread (0, 0, 0)", "writes 4 bytes", "of 40 bytes"}, [&] {
      launch<write_shared>({{1}, {32}}, nullptr, output.data(), index);
    });
  }
}

__global__ void use_dynamic(float* output, uint32_t count) {
  auto* shared = static_cast<float*>(dynamic_shared());
  for (uint32_t i = threadIdx.x; i < count; i += blockDim.x) shared[i] = static_cast<float>(i);
  __syncthreads();
  if (threadIdx.x == 0) output[blockIdx.x] = shared[count - 1];
}

TEST(EmulatedMemory, has_dynamic_shared_memory_of_the_size_of_the_launch) {
  DeviceBuffer<float> output("output", 3);
  launch<use_dynamic>({{3}, {32}, 400}, nullptr, output.data(), 100U);
  EXPECT_EQ(output.values(), std::vector<float>(3, 99));
  expect_fault(Fault::kOutOfBounds, {"byte 400 of dynamic shared memory of 400 bytes"}, [&] {
    launch<use_dynamic>({{3}, {32}, 400}, nullptr, output.data(), 101U);
  });
}

template <class T>
__global__ void read_unwritten(float* output) {
  BENCH_SHARED(shared, T[32]);
  output[threadIdx.x] = widen(shared[threadIdx.x]);
}

TEST(EmulatedMemory, of_a_block_starts_as_nan) {
  DeviceBuffer<float> output("output", std::vector<float>(32, 0));
  for (const auto kernel :
       {launch<read_unwritten<float>, float*>, launch<read_unwritten<float16>, float*>,
        launch<read_unwritten<bfloat16>, float*>}) {
    kernel({{1}, {32}}, nullptr, output.data());
    for (const float value : output.values()) EXPECT_TRUE(std::isnan(value));
  }
}

/// Each of two warps counts in its own cell.
__global__ void count_in_shared(float* output) {
  BENCH_SHARED(counts, float[2]);
  if (threadIdx.x < 2) counts[threadIdx.x] = 0;
  __syncthreads();
  atomicAdd(&counts[threadIdx.x / 32], 1.0F);
  __syncthreads();
  if (threadIdx.x < 2) output[threadIdx.x] = counts[threadIdx.x];
}

__global__ void read_beside_atomic(float* output) {
  BENCH_SHARED(count, float);
  if (threadIdx.x == 0) count = 0;
  __syncthreads();
  if (threadIdx.x == 0) atomicAdd(&count, 1.0F);
  output[threadIdx.x] = count;
}

TEST(EmulatedMemory, takes_atomics_side_by_side_but_no_read_beside_one) {
  DeviceBuffer<float> output("output", 64);
  launch<count_in_shared>({{1}, {64}}, nullptr, output.data());
  EXPECT_EQ(output.values()[0], 32);
  EXPECT_EQ(output.values()[1], 32);
  expect_fault(Fault::kRace, {"shared variable 1"}, [&] {
    launch<read_beside_atomic>({{1}, {64}}, nullptr, output.data());
  });
}

__global__ void neighbours(float* output) {
  BENCH_SHARED(halves, bfloat16[64]);
  halves[threadIdx.x] = narrow<bfloat16>(static_cast<float>(threadIdx.x));
  output[threadIdx.x] = widen(halves[threadIdx.x]);
}

TEST(EmulatedMemory, takes_neighbouring_16_bit_elements_apart) {
  DeviceBuffer<float> output("output", 64);
  launch<neighbours>({{1}, {64}}, nullptr, output.data());
  EXPECT_EQ(output.values()[63], 63);
}

__global__ void needs_much() {
  BENCH_SHARED(shared, float[13000]);
  shared[0] = 1;
}

TEST(EmulatedMemory, refuses_launches_that_no_device_takes) {
  expect_fault(Fault::kBadLaunch, {"needs_much"}, [] { launch<needs_much>({{1}, {1}}, nullptr); });
  expect_fault(Fault::kBadLaunch, {"empty"}, [] { launch<needs_much>({{0}, {1}}, nullptr); });
  expect_fault(Fault::kBadLaunch, {"block"}, [] { launch<needs_much>({{1}, {1025}}, nullptr); });
  expect_fault(Fault::kBadLaunch, {"grid"}, [] { launch<needs_much>({{1, 65536}, {1}}, nullptr); });
}

}  // namespace
}  // namespace kernels::cuda_emulator
