#pragma once

#include <string>
#include <utility>
#include <vector>

#include "checkpoint/tensor_file.h"

namespace checkpoint {

/// Tensors at hand, for tests of what works on any file.
class TensorMap : public TensorFile {
 public:
  explicit TensorMap(std::string format = "made up") : TensorFile("x.bin", std::move(format)) {}

  /// A tensor of bytes that count up from `first`.
  TensorMap& with(const std::string& name, std::vector<int64_t> shape, uint8_t first = 0) {
    add(name, Dtype::kU8, std::move(shape));
    first_.push_back(first);
    return *this;
  }

 private:
  void read_tensor(size_t index, std::span<std::byte> destination) const override {
    uint8_t value = first_[index];
    for (std::byte& byte : destination) byte = std::byte{value++};
  }

  std::vector<uint8_t> first_;
};

}  // namespace checkpoint
