#pragma once

#include <cstdint>
#include <vector>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/core/invertible_columns.h"

namespace kernels::testing {

/// KeptColumns in the device's memory.
class DeviceKeptColumns {
 public:
  template <class T>
  DeviceKeptColumns(int64_t rows, bool inverted, const std::vector<T>& gamma,
                    const std::vector<T>& beta)
      : columns_("kept columns", inverted ? uninvertible_columns(gamma.data(), beta.data(),
                                                                 static_cast<int64_t>(gamma.size()))
                                          : std::vector<int32_t>()),
        count_(static_cast<int64_t>(columns_.values().size())),
        x_hat_("kept x_hat", rows * count_) {}

  InvertibleColumns view() { return {columns_.data(), count_, x_hat_.data()}; }

 private:
  cuda_emulator::DeviceBuffer<int32_t> columns_;
  int64_t count_;
  cuda_emulator::DeviceBuffer<float> x_hat_;
};

}  // namespace kernels::testing
