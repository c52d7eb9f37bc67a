#include <cstdint>
#include <vector>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/core/device.cuh"
#include "tests/kernels/core/cuda_emulator/expect_fault.h"

namespace kernels::cuda_emulator {
namespace {

constexpr uint32_t kFull = 0xffffffff;
const LaunchShape kOneWarp = {{1}, {32}};

enum class Kind { kFrom, kUp, kDown, kXor };

__global__ void shuffle_lanes(int* output, Kind kind, int operand, int width) {
  const auto lane = static_cast<int>(threadIdx.x);
  int value = -1;
  if (kind == Kind::kFrom) value = __shfl_sync(kFull, lane, operand, width);
  if (kind == Kind::kUp) value = __shfl_up_sync(kFull, lane, static_cast<unsigned>(operand), width);
  if (kind == Kind::kDown) {
    value = __shfl_down_sync(kFull, lane, static_cast<unsigned>(operand), width);
  }
  if (kind == Kind::kXor) value = __shfl_xor_sync(kFull, lane, operand, width);
  output[lane] = value;
}

std::vector<int> shuffled_lanes(Kind kind, int operand, int width = 32) {
  DeviceBuffer<int> output("output", 32);
  launch<shuffle_lanes>(kOneWarp, nullptr, output.data(), kind, operand, width);
  return output.values();
}

// CUDA C++ Programming Guide, "Warp Shuffle Functions".
TEST(EmulatedShuffle, takes_the_value_of_the_lane_that_cuda_names) {
  const auto expect_lanes = [](Kind kind, int operand, int width, auto&& expected) {
    const std::vector<int> lanes = shuffled_lanes(kind, operand, width);
    for (int lane = 0; lane < 32; ++lane) {
      EXPECT_EQ(lanes[static_cast<size_t>(lane)], expected(lane)) << operand << " of " << width;
    }
  };
  for (const int width : {1, 2, 4, 8, 16, 32}) {
    for (const int operand : {0, 1, 3, 5, 16, 31}) {
      const auto first = [width](int lane) { return lane - lane % width; };
      expect_lanes(Kind::kFrom, operand, width,
                   [&](int lane) { return first(lane) + operand % width; });
      expect_lanes(Kind::kUp, operand, width,
                   [&](int lane) { return lane - operand < first(lane) ? lane : lane - operand; });
      expect_lanes(Kind::kDown, operand, width, [&](int lane) {
        return lane + operand >= first(lane) + width ? lane : lane + operand;
      });
      // Earlier segments can be read, later ones cannot.
      expect_lanes(Kind::kXor, operand, width, [&](int lane) {
        return (lane ^ operand) >= first(lane) + width ? lane : lane ^ operand;
      });
    }
  }
}

__global__ void shuffle_double(double* output) {
  output[threadIdx.x] = __shfl_xor_sync(kFull, 1.0 / (threadIdx.x + 1), 1);
}

TEST(EmulatedShuffle, moves_all_bits_of_8_bytes) {
  DeviceBuffer<double> output("output", 32);
  launch<shuffle_double>(kOneWarp, nullptr, output.data());
  for (size_t i = 0; i < 32; ++i) {
    EXPECT_EQ(output.values()[i], 1.0 / (static_cast<double>(i ^ 1) + 1));
  }
}

__global__ void shuffle_within_half(int* output, int lane) {
  if (threadIdx.x < 16) output[threadIdx.x] = __shfl_sync(0x0000ffff, 7, lane);
}

TEST(EmulatedShuffle, finds_a_source_that_takes_no_part) {
  DeviceBuffer<int> output("output", 32);
  launch<shuffle_within_half>(kOneWarp, nullptr, output.data(), 15);
  expect_fault(Fault::kDivergentWarp, {"shuffles from lane 16"},
               [&] { launch<shuffle_within_half>(kOneWarp, nullptr, output.data(), 16); });
}

__global__ void vote(unsigned* output, unsigned set) {
  const int mine = static_cast<int>(set >> threadIdx.x & 1);
  const unsigned ballot = __ballot_sync(kFull, mine);
  const bool any = __any_sync(kFull, mine) != 0;
  const bool all = __all_sync(kFull, mine) != 0;
  output[threadIdx.x] = ballot;
  output[32 + threadIdx.x] = any;
  output[64 + threadIdx.x] = all;
}

TEST(EmulatedVote, counts_every_lane) {
  for (const unsigned set : {0U, 1U, 0x80000000U, 0xdeadbeefU, kFull}) {
    DeviceBuffer<unsigned> output("output", 96);
    launch<vote>(kOneWarp, nullptr, output.data(), set);
    for (size_t i = 0; i < 32; ++i) {
      EXPECT_EQ(output.values()[i], set);
      EXPECT_EQ(output.values()[32 + i], set != 0);
      EXPECT_EQ(output.values()[64 + i], set == kFull);
    }
  }
}

/// Sums of warps, and of the block from them.
__global__ void sum_block(float* output, const float* input) {
  BENCH_SHARED(sums, float[8]);
  float sum = input[threadIdx.x];
  for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(kFull, sum, step);
  if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = sum;
  __syncthreads();
  float total = 0;
  for (const float& each : sums) total += each;
  output[threadIdx.x] = total;
}

TEST(EmulatedWarp, reduces_with_warps_side_by_side) {
  std::vector<float> values(256);
  for (size_t i = 0; i < 256; ++i) values[i] = static_cast<float>(i);
  const DeviceBuffer<float> input("input", values);
  DeviceBuffer<float> output("output", 256);
  for (uint64_t seed = 0; seed < 5; ++seed) {
    seed_schedule(seed);
    launch<sum_block>({{1}, {256}}, nullptr, output.data(), input.data());
    EXPECT_EQ(output.values(), std::vector<float>(256, 255 * 128));
  }
}

// ---- ldmatrix and mma

/// [8 * kCount][8] elements in shared memory; lane l gives row l.
template <int kCount, bool kTransposed>
__global__ void load_tiles(uint32_t* output, const uint16_t* input, bool wait) {
  struct alignas(16) Tile {
    uint16_t rows[32][8];
  };
  BENCH_SHARED(tile, Tile);
  for (uint32_t i = 0; i < 8; ++i) tile.rows[threadIdx.x][i] = input[threadIdx.x * 8 + i];
  if (wait) __syncwarp();
  uint32_t words[kCount];
  if constexpr (kTransposed) {
    ldmatrix_transposed(words, tile.rows[threadIdx.x % (8 * kCount)]);
  } else {
    ldmatrix(words, tile.rows[threadIdx.x % (8 * kCount)]);
  }
  for (int i = 0; i < kCount; ++i)
    output[threadIdx.x * kCount + static_cast<uint32_t>(i)] = words[i];
}

template <int kCount, bool kTransposed>
void check_load(const DeviceBuffer<uint16_t>& input) {
  DeviceBuffer<uint32_t> output("output", 32 * kCount);
  launch<load_tiles<kCount, kTransposed>>(kOneWarp, nullptr, output.data(), input.data(), true);
  const std::vector<uint16_t> elements = input.values();
  for (size_t lane = 0; lane < 32; ++lane) {
    for (size_t matrix = 0; matrix < kCount; ++matrix) {
      const auto element = [&](size_t row, size_t column) {
        return uint32_t{elements[(matrix * 8 + row) * 8 + column]};
      };
      const size_t a = lane / 4;
      const size_t b = lane % 4 * 2;
      const uint32_t expected = kTransposed ? element(b, a) | element(b + 1, a) << 16
                                            : element(a, b) | element(a, b + 1) << 16;
      EXPECT_EQ(output.values()[lane * kCount + matrix], expected);
    }
  }
  expect_fault(Fault::kRace, {"load_tiles", "shared variable 1"}, [&] {
    launch<load_tiles<kCount, kTransposed>>(kOneWarp, nullptr, output.data(), input.data(), false);
  });
}

// PTX ISA, "ldmatrix": each thread gets two elements of a row.
TEST(EmulatedMatrix, loads_follow_the_documented_layout_and_need_a_barrier) {
  std::vector<uint16_t> elements(256);
  for (size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<uint16_t>(i * 37 + 5);
  const DeviceBuffer<uint16_t> input("input", elements);
  check_load<1, false>(input);
  check_load<2, false>(input);
  check_load<4, false>(input);
  check_load<1, true>(input);
  check_load<2, true>(input);
  check_load<4, true>(input);
}

__global__ void load_misaligned(uint32_t* output) {
  BENCH_SHARED(tile, uint16_t[72]);
  tile[threadIdx.x] = 0;
  tile[32 + threadIdx.x] = 0;
  __syncwarp();
  uint32_t words[1];
  ldmatrix(words, tile + threadIdx.x % 8 * 8);
  output[threadIdx.x] = words[0];
}

TEST(EmulatedMatrix, finds_rows_that_are_not_aligned) {
  DeviceBuffer<uint32_t> output("output", 32);
  expect_fault(Fault::kMisaligned, {"shared variable 1"},
               [&] { launch<load_misaligned>(kOneWarp, nullptr, output.data()); });
}

/// sum[16][8] += a[16][16] b[16][8], the fragments gathered by the formulas of the PTX ISA, "Matrix
/// Fragments for mma.m16n8k16 with floating point type".
template <class T>
__global__ void multiply(float* sum, const T* a, const T* b) {
  const uint32_t group = threadIdx.x / 4;
  const uint32_t member = threadIdx.x % 4;
  uint32_t a_words[4] = {};
  uint32_t b_words[2] = {};
  float sums[4];
  for (uint32_t i = 0; i < 8; ++i) {
    const uint32_t row = i < 2 || (i >= 4 && i < 6) ? group : group + 8;
    const uint32_t column = i < 4 ? member * 2 + i % 2 : member * 2 + i % 2 + 8;
    a_words[i / 2] |= uint32_t{a[row * 16 + column].bits} << (i % 2 * 16);
  }
  for (uint32_t i = 0; i < 4; ++i) {
    const uint32_t row = i < 2 ? member * 2 + i : member * 2 + i % 2 + 8;
    b_words[i / 2] |= uint32_t{b[row * 8 + group].bits} << (i % 2 * 16);
    sums[i] = sum[(i < 2 ? group : group + 8) * 8 + member * 2 + i % 2];
  }
  mma_m16n8k16<T>(sums, a_words, b_words);
  for (uint32_t i = 0; i < 4; ++i) {
    sum[(i < 2 ? group : group + 8) * 8 + member * 2 + i % 2] = sums[i];
  }
}

template <class T>
void check_product() {
  std::vector<T> a(16 * 16);
  std::vector<T> b(16 * 8);
  std::vector<float> sum(16 * 8);
  for (size_t i = 0; i < a.size(); ++i) a[i] = from_float<T>(static_cast<float>(i * 7 % 31) - 15);
  for (size_t i = 0; i < b.size(); ++i) b[i] = from_float<T>(static_cast<float>(i * 5 % 23) - 11);
  for (size_t i = 0; i < sum.size(); ++i) sum[i] = static_cast<float>(i);
  std::vector<float> expected = sum;
  for (size_t row = 0; row < 16; ++row) {
    for (size_t column = 0; column < 8; ++column) {
      for (size_t k = 0; k < 16; ++k) {
        expected[row * 8 + column] += to_float(a[row * 16 + k]) * to_float(b[k * 8 + column]);
      }
    }
  }
  DeviceBuffer<float> output("output", sum);
  launch<multiply<T>>(kOneWarp, nullptr, output.data(), DeviceBuffer<T>("a", a).data(),
                      DeviceBuffer<T>("b", b).data());
  EXPECT_EQ(output.values(), expected);
}

// Small integers, so that every order of additions gives the same.
TEST(EmulatedMatrix, product_is_that_of_plain_matrices) {
  check_product<float16>();
  check_product<bfloat16>();
}

}  // namespace
}  // namespace kernels::cuda_emulator
