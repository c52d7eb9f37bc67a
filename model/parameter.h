#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/core/TensorOptions.h>

namespace model {

/// A trainable leaf tensor. `decays`: weight decay applies (matrices and embeddings; not biases,
/// not LayerNorm).
struct Parameter {
  std::string name;  ///< unique in the model, e.g. "encoder.layer.0.attention.qkv.weight"
  at::Tensor tensor;
  bool decays = true;
};

/// An uninitialized parameter that requires a gradient.
Parameter make_parameter(std::string name, at::IntArrayRef sizes, bool decays,
                         const at::TensorOptions& options);

/// A HuggingFace-named weight as rows [row_begin, row_end) of a parameter, so that layers with
/// other storage (a packed QKV) load, store and compare under one set of names.
struct WeightView {
  std::string name;  ///< e.g. "bert.encoder.layer.0.attention.self.query.weight"
  at::Tensor parameter;
  int64_t row_begin = 0;
  int64_t row_end = 0;

  at::Tensor value() const { return parameter.narrow(0, row_begin, row_end - row_begin); }
  /// Same rows of the gradient; undefined where there is none yet.
  at::Tensor gradient() const {
    return parameter.grad().defined() ? parameter.grad().narrow(0, row_begin, row_end - row_begin)
                                      : at::Tensor();
  }
};

/// The whole of `parameter` under the name `prefix` + parameter.name.
WeightView whole_weight(const std::string& prefix, const Parameter& parameter);

}  // namespace model
