#pragma once

#include <optional>

#include <ATen/CPUGeneratorImpl.h>

namespace model {

/// A snapshot of LibTorch's default generators: of the CPU's, taken without allocating a tensor (a
/// tensor would count as the model's memory), and of the device's own where it has one.
class GeneratorState {
 public:
  static GeneratorState capture(at::Device device);
  /// Put the generators back to where they were at the capture.
  void restore() const;

 private:
  explicit GeneratorState(const at::mt19937& engine) : engine_(engine) {}

  at::mt19937 engine_;
  std::optional<float> next_float_normal_;
  std::optional<double> next_double_normal_;
  at::Generator device_generator_;
  at::Tensor device_state_;
};

}  // namespace model
