#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <ATen/core/ivalue.h>
#include <ATen/record_function.h>

namespace worker {

/// "fp32", "bf16", "fp16", "fp64", ...: of the first floating tensor; empty without one.
std::string precision_of(c10::ArrayRef<const c10::IValue> values);

/// Sizes of the tensors: "[4, 16] [16]".
std::string shapes_of(c10::ArrayRef<const c10::IValue> values);

/// Bytes of an operator's inputs, lists of tensors included: each tensor once, broadcast dimensions
/// once. Without the first input of a gather, of which it reads a part, and of what overwrites it.
int64_t bytes_read(std::string_view name, c10::ArrayRef<const c10::IValue> inputs);
/// The rest of its bytes, known only when it has ended: those of its outputs;
/// of a gather twice, for what it reads of its table.
int64_t bytes_written(std::string_view name, c10::ArrayRef<const c10::IValue> outputs);

/// FLOPs of the matrix products that the operator `name` makes of `inputs`, 2 m n k each; 0 for
/// one that makes none. Attention's backward counts four products: what a flash kernel computes a
/// second time is not counted.
int64_t product_flops(std::string_view name, c10::ArrayRef<const c10::IValue> inputs);

/// Whether a LibTorch operator only makes a tensor or another view of one, and moves no bytes.
bool moves_no_bytes(const at::RecordFunction& function);

}  // namespace worker
