#include "checkpoint/tensor_file.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/printable.h"

namespace checkpoint {

TensorFile::TensorFile(std::string file, std::string format)
    : file_(std::move(file)), format_(std::move(format)) {}

std::optional<size_t> TensorFile::find(std::string_view name) const {
  const auto found = index_.find(name);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

void TensorFile::read(size_t index, std::span<std::byte> destination) const {
  if (destination.size() != tensors_.at(index).bytes) {
    throw std::invalid_argument("TensorFile::read: the destination has not the tensor's bytes");
  }
  read_tensor(index, destination);
}

std::vector<std::byte> TensorFile::read(size_t index) const {
  std::vector<std::byte> bytes(tensors_.at(index).bytes);
  read_tensor(index, bytes);
  return bytes;
}

void TensorFile::add(std::string name, Dtype dtype, std::vector<int64_t> shape) {
  if (tensors_.size() >= kMaxTensors) fail(fmt::format("more than {} tensors", kMaxTensors));
  const std::optional<uint64_t> bytes = tensor_bytes(dtype, shape);
  if (!bytes) fail(fmt::format("the shape of tensor {} is impossible", printable(name)));
  if (!index_.emplace(name, tensors_.size()).second) {
    fail(fmt::format("it has tensor {} twice", printable(name)));
  }
  tensors_.push_back({std::move(name), dtype, std::move(shape), *bytes});
}

void TensorFile::fail(const std::string& what) const {
  throw CheckpointError(fmt::format("{}: {}", file_, what));
}

}  // namespace checkpoint
