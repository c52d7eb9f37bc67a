#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "train/parallel/device_exchange.h"

namespace train {

/// NCCL's, in builds with CUDA: process `rank` of `size`, with its current CUDA device. `share`
/// copies process 0's bytes over those of all others. Throws CommunicatorError, as its calls do.
std::unique_ptr<DeviceExchange> make_nccl_exchange(
    int rank, int size, const std::function<void(std::span<std::byte>)>& share);

}  // namespace train
