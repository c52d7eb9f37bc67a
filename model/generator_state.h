#pragma once

#include <optional>

#include <ATen/CPUGeneratorImpl.h>

namespace model {

/// A snapshot of LibTorch's default CPU generator, taken without allocating a tensor (a tensor
/// would count as the model's memory).
class GeneratorState {
 public:
  static GeneratorState capture();
  /// Put the generator back to where it was at the capture.
  void restore() const;

 private:
  explicit GeneratorState(const at::mt19937& engine) : engine_(engine) {}

  at::mt19937 engine_;
  std::optional<float> next_float_normal_;
  std::optional<double> next_double_normal_;
};

}  // namespace model
