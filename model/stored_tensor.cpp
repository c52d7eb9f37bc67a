#include "model/stored_tensor.h"

#include <cstring>
#include <stdexcept>
#include <utility>

#include <ATen/ops/empty.h>

namespace model {

checkpoint::Dtype stored_dtype(at::ScalarType type) {
  using checkpoint::Dtype;
  switch (type) {
    case at::kBool:
      return Dtype::kBool;
    case at::kByte:
      return Dtype::kU8;
    case at::kChar:
      return Dtype::kI8;
    case at::kHalf:
      return Dtype::kF16;
    case at::kBFloat16:
      return Dtype::kBF16;
    case at::kShort:
      return Dtype::kI16;
    case at::kFloat:
      return Dtype::kF32;
    case at::kInt:
      return Dtype::kI32;
    case at::kDouble:
      return Dtype::kF64;
    case at::kLong:
      return Dtype::kI64;
    default:
      throw std::invalid_argument(std::string("files have no tensors of ") + at::toString(type));
  }
}

checkpoint::TensorView stored_view(std::string name, const at::Tensor& tensor) {
  if (!tensor.is_cpu() || !tensor.is_contiguous()) {
    throw std::invalid_argument(name + " is not contiguous on the CPU");
  }
  return {std::move(name),
          stored_dtype(tensor.scalar_type()),
          tensor.sizes().vec(),
          {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()}};
}

void copy_stored(std::span<const std::byte> bytes, const at::Tensor& tensor) {
  const at::NoGradGuard no_grad;
  if (bytes.size() != tensor.nbytes()) {
    throw std::invalid_argument(std::to_string(bytes.size()) + " stored bytes for a tensor of " +
                                std::to_string(tensor.nbytes()));
  }
  // A file's bytes may be anywhere; a tensor's are aligned.
  const at::Tensor staged = at::empty(tensor.sizes(), tensor.options().device(at::kCPU));
  if (!bytes.empty()) std::memcpy(staged.mutable_data_ptr(), bytes.data(), bytes.size());
  tensor.detach().copy_(staged);
}

}  // namespace model
