#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/core/invertible_columns.h"

namespace kernels::testing {

/// KeptColumns in the device's memory, found by the host; with `room` the first ones of them, as
/// the device finds them.
class DeviceKeptColumns {
 public:
  template <class T>
  DeviceKeptColumns(int64_t rows, bool inverted, const std::vector<T>& gamma,
                    const std::vector<T>& beta, std::optional<int64_t> room = {})
      : DeviceKeptColumns(rows,
                          inverted ? uninvertible_columns(gamma.data(), beta.data(),
                                                          static_cast<int64_t>(gamma.size()))
                                   : std::vector<int32_t>(),
                          room) {}

  InvertibleColumns view() {
    return {columns_.data(), count_, x_hat_.data(), in_room_ ? found_.data() : nullptr};
  }

 private:
  DeviceKeptColumns(int64_t rows, std::vector<int32_t> columns, std::optional<int64_t> room)
      : in_room_(room.has_value()),
        count_(room.value_or(static_cast<int64_t>(columns.size()))),
        found_("columns found", std::vector<int32_t>{std::min(static_cast<int32_t>(columns.size()),
                                                              static_cast<int32_t>(count_))}),
        columns_("kept columns", resized(std::move(columns), count_)),
        x_hat_("kept x_hat", rows * count_) {}

  static std::vector<int32_t> resized(std::vector<int32_t> columns, int64_t count) {
    columns.resize(static_cast<size_t>(count), -1);
    return columns;
  }

  bool in_room_;
  int64_t count_;
  cuda_emulator::DeviceBuffer<int32_t> found_;
  cuda_emulator::DeviceBuffer<int32_t> columns_;
  cuda_emulator::DeviceBuffer<float> x_hat_;
};

}  // namespace kernels::testing
