#include "kernels/core/device_multiply_adds.h"

#include <algorithm>

#include <cuda_runtime_api.h>

#include "kernels/core/device_event.h"
#include "kernels/core/device_loads.h"
#include "kernels/core/settled_time.h"

namespace kernels {
namespace {

/// As many threads as the largest multiprocessor holds.
constexpr uint32_t kBlocksAMultiprocessor = 2048 / kMultiplyAddThreads;

uint32_t blocks_of_device() {
  int device = 0;
  int multiprocessors = 0;
  check_cuda(cudaGetDevice(&device), "find the current device");
  check_cuda(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device),
             "count a device's multiprocessors");
  return static_cast<uint32_t>(multiprocessors) * kBlocksAMultiprocessor;
}

}  // namespace

DeviceMultiplyAdds::DeviceMultiplyAdds()
    : blocks_(blocks_of_device()),
      sums_(int64_t{blocks_} * kMultiplyAddThreads * static_cast<int64_t>(sizeof(float))) {}

int64_t DeviceMultiplyAdds::rounds(int64_t flops) const {
  const int64_t round = multiply_add_flops(blocks_, 1);
  return std::max<int64_t>((flops + round - 1) / round, 1);
}

int64_t DeviceMultiplyAdds::flops_of_run(int64_t flops) const {
  return multiply_add_flops(blocks_, rounds(flops));
}

void DeviceMultiplyAdds::run(int64_t flops, CudaStream stream) const {
  multiply_adds({.sums = sums_.as<float>(),
                 .blocks = blocks_,
                 .rounds = rounds(flops),
                 .factor = 0.5F,
                 .term = 1},
                stream);
}

double DeviceMultiplyAdds::flops_per_second(CudaStream stream) const {
  constexpr int64_t kMeasuredRounds = 256;  // some milliseconds
  const int64_t flops = multiply_add_flops(blocks_, kMeasuredRounds);
  return static_cast<double>(flops) /
         settled_time([&] { return device_seconds(stream, [&] { run(flops, stream); }); });
}

}  // namespace kernels
