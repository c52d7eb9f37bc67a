#include "kernels/core/cuda_emulator/warp.h"

#include <array>
#include <cstring>

#include <fmt/format.h>

#include "kernels/core/cuda_emulator/access.h"
#include "kernels/core/cuda_emulator/block.h"

namespace kernels::cuda_emulator {
namespace {

constexpr uint32_t kAllLanes = 0xffffffff;

using Lanes = std::array<void*, 32>;

void wait(uint32_t mask, WarpOperation operation, void* argument, std::source_location where) {
  Thread& thread = *running_thread();
  thread.block->wait_for_warp(thread, mask, operation, argument, where);
}

uint32_t mask_of(const Lanes& lanes) {
  uint32_t mask = 0;
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    if (lanes[lane] != nullptr) mask |= 1U << lane;
  }
  return mask;
}

// ---- synchronisation and votes

void join(Block& block, uint32_t warp, const Lanes& lanes) {
  block.order_lanes(warp, mask_of(lanes));
}

struct Vote {
  bool predicate;
  uint32_t result;
};

void vote(Block& /*block*/, uint32_t /*warp*/, const Lanes& lanes) {
  uint32_t result = 0;
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    if (lanes[lane] == nullptr) continue;
    if (static_cast<Vote*>(lanes[lane])->predicate) result |= 1U << lane;
  }
  for (void* lane : lanes) {
    if (lane != nullptr) static_cast<Vote*>(lane)->result = result;
  }
}

// ---- shuffles

struct Exchange {
  uint64_t value;
  uint64_t result;
  Shuffle kind;
  uint32_t operand;
  uint32_t width;
};

/// The lane whose value `lane` gets.
uint32_t source_lane(const Exchange& exchange, uint32_t lane) {
  const uint32_t first = lane / exchange.width * exchange.width;
  const uint32_t last = first + exchange.width - 1;
  switch (exchange.kind) {
    case Shuffle::kFrom:
      return first + exchange.operand % exchange.width;
    case Shuffle::kUp:
      return lane < first + exchange.operand ? lane : lane - exchange.operand;
    case Shuffle::kDown:
      return lane + exchange.operand > last ? lane : lane + exchange.operand;
    case Shuffle::kXor:
      break;
  }
  const uint32_t source = lane ^ exchange.operand;
  return source > last ? lane : source;
}

void exchange_values(Block& block, uint32_t warp, const Lanes& lanes) {
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    if (lanes[lane] == nullptr) continue;
    auto& mine = *static_cast<Exchange*>(lanes[lane]);
    const uint32_t source = source_lane(mine, lane);
    if (source >= kWarpLanes || lanes[source] == nullptr) {
      block.fail(block.thread(warp, lane), Fault::kDivergentWarp,
                 fmt::format("shuffles from lane {}, which takes no part", source));
    }
    mine.result = static_cast<Exchange*>(lanes[source])->value;
  }
}

// ---- matrices

struct MatrixRows {
  const void* row;
  uint32_t* words;
  uint32_t count;
  bool transposed;
};

void distribute_matrices(Block& block, uint32_t warp, const Lanes& lanes) {
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    Thread& thread = block.thread(warp, lane);
    const auto& mine = *static_cast<MatrixRows*>(lanes[lane]);
    for (uint32_t matrix = 0; matrix < mine.count; ++matrix) {
      std::array<uint16_t, 2> pair = {};
      for (uint32_t i = 0; i < 2; ++i) {
        const uint32_t row = mine.transposed ? lane % 4 * 2 + i : lane / 4;
        const uint32_t column = mine.transposed ? lane / 4 : lane % 4 * 2 + i;
        const void* begin = static_cast<MatrixRows*>(lanes[matrix * 8 + row])->row;
        check_aligned(block.thread(warp, matrix * 8 + row), begin, 16);
        const auto* element = static_cast<const uint16_t*>(begin) + column;
        check_access(thread, element, sizeof(*element), Access::kRead);
        pair[i] = *element;
      }
      mine.words[matrix] = pair[0] | uint32_t{pair[1]} << 16;
    }
  }
}

struct Fragments {
  float* sum;
  const uint32_t* a;
  const uint32_t* b;
  float (*widen)(uint16_t);
};

float half_of_word(const Fragments& fragments, uint32_t word, uint32_t half) {
  return fragments.widen(static_cast<uint16_t>(word >> (half * 16)));
}

/// PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type": with group = lane / 4 and
/// member = lane % 4, elements i of a lane are
///   a: row group + 8 (i / 2 % 2),   column 2 member + i % 2 + 8 (i / 4)
///   b: row 2 member + i % 2 + 8 (i / 2),   column group
///   sum: row group + 8 (i / 2),   column 2 member + i % 2
void multiply(Block& /*block*/, uint32_t /*warp*/, const Lanes& lanes) {
  float a[16][16];
  float b[16][8];
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    const auto& mine = *static_cast<Fragments*>(lanes[lane]);
    const uint32_t group = lane / 4;
    const uint32_t member = lane % 4;
    for (uint32_t i = 0; i < 8; ++i) {
      a[group + i / 2 % 2 * 8][member * 2 + i % 2 + i / 4 * 8] =
          half_of_word(mine, mine.a[i / 2], i % 2);
    }
    for (uint32_t i = 0; i < 4; ++i) {
      b[member * 2 + i % 2 + i / 2 * 8][group] = half_of_word(mine, mine.b[i / 2], i % 2);
    }
  }
  for (uint32_t lane = 0; lane < kWarpLanes; ++lane) {
    const auto& mine = *static_cast<Fragments*>(lanes[lane]);
    for (uint32_t i = 0; i < 4; ++i) {
      const uint32_t row = lane / 4 + i / 2 * 8;
      const uint32_t column = lane % 4 * 2 + i % 2;
      float products = 0;
      for (uint32_t k = 0; k < 16; ++k) products += a[row][k] * b[k][column];
      mine.sum[i] += products;
    }
  }
}

}  // namespace

void sync_lanes(uint32_t mask, std::source_location where) {
  char nothing = 0;
  wait(mask, join, &nothing, where);
}

uint32_t ballot(uint32_t mask, bool predicate, std::source_location where) {
  Vote mine = {predicate, 0};
  wait(mask, vote, &mine, where);
  return mine.result;
}

void shuffle(uint32_t mask, void* value, uint32_t bytes, Shuffle kind, uint32_t operand,
             uint32_t width, std::source_location where) {
  Exchange mine = {0, 0, kind, operand, width};
  std::memcpy(&mine.value, value, bytes);
  wait(mask, exchange_values, &mine, where);
  std::memcpy(value, &mine.result, bytes);
}

void load_matrices(uint32_t* words, uint32_t count, const void* row, bool transposed,
                   std::source_location where) {
  MatrixRows mine = {row, words, count, transposed};
  wait(kAllLanes, distribute_matrices, &mine, where);
}

void multiply_matrices(float* sum, const uint32_t* a, const uint32_t* b, float (*widen)(uint16_t),
                       std::source_location where) {
  Fragments mine = {sum, a, b, widen};
  wait(kAllLanes, multiply, &mine, where);
}

}  // namespace kernels::cuda_emulator
