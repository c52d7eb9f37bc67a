#include "kernels/core/cuda_emulator/launch.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <fmt/format.h>

namespace kernels::cuda_emulator {
namespace {

constexpr uint32_t kMaxThreads = 1024;
constexpr uint32_t kMaxBlocksYz = 65535;
constexpr uint32_t kMaxBlocksX = 0x7fffffff;

std::mt19937_64 schedule;
uint64_t all_threads_run = 0;

void check_shape(const KernelCall& call, const LaunchShape& shape) {
  const auto refuse = [&](const char* what) {
    throw EmulatorError(
        Fault::kBadLaunch,
        fmt::format("{}: cannot be launched as grid ({}, {}, {}), block ({}, {}, "
                    "{}), {} bytes: {}",
                    call.name, shape.grid.x, shape.grid.y, shape.grid.z, shape.block.x,
                    shape.block.y, shape.block.z, shape.shared_bytes, what));
  };
  if (shape.grid.count() == 0 || shape.block.count() == 0) refuse("it is empty");
  if (shape.block.count() > kMaxThreads || shape.block.z > 64) refuse("the block is too large");
  if (shape.grid.x > kMaxBlocksX || shape.grid.y > kMaxBlocksYz || shape.grid.z > kMaxBlocksYz) {
    refuse("the grid is too large");
  }
  if (shape.shared_bytes > SharedMemory::kLimit) refuse("no device has so much shared memory");
}

}  // namespace

void seed_schedule(uint64_t seed) {
  schedule.seed(seed);
}

uint64_t threads_run() {
  return all_threads_run;
}

std::string_view kernel_name(std::string_view pretty_function) {
  constexpr std::string_view kKey = "kKernel = ";
  const size_t key = pretty_function.find(kKey);
  if (key == std::string_view::npos) return pretty_function;
  const std::string_view rest = pretty_function.substr(key + kKey.size());
  return rest.substr(0, rest.find_first_of(";]"));
}

void run_grid(const KernelCall& call, const LaunchShape& shape) {
  check_shape(call, shape);
  std::vector<uint64_t> order(shape.grid.count());
  std::iota(order.begin(), order.end(), uint64_t{0});
  std::shuffle(order.begin(), order.end(), schedule);
  Block block(call, shape, schedule);
  for (const uint64_t number : order) {
    const uint64_t row = number / shape.grid.x;
    block.run({static_cast<uint32_t>(number % shape.grid.x),
               static_cast<uint32_t>(row % shape.grid.y),
               static_cast<uint32_t>(row / shape.grid.y)});
  }
  all_threads_run += shape.grid.count() * shape.block.count();
}

}  // namespace kernels::cuda_emulator
