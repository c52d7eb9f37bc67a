#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <ATen/core/Tensor.h>

#include "checkpoint/dtype.h"
#include "checkpoint/safetensors_writer.h"

namespace model {

/// How files call `type`. Throws std::invalid_argument for a type that they do not have.
checkpoint::Dtype stored_dtype(at::ScalarType type);

/// A contiguous tensor on the CPU as a file's writer takes it; its memory must outlive the view.
checkpoint::TensorView stored_view(std::string name, const at::Tensor& tensor);

/// Copies the elements that a file has, row-major, into `tensor`, wherever it is; both must have
/// the same dtype and number of elements.
void copy_stored(std::span<const std::byte> bytes, const at::Tensor& tensor);

}  // namespace model
