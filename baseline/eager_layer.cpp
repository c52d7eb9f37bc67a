#include "baseline/eager_layer.h"

#include <cmath>
#include <numbers>

namespace baseline {
namespace {

at::Tensor attention(const AttentionInputs& inputs) {
  at::Tensor scores = at::matmul(inputs.query, inputs.key.transpose(-1, -2));
  scores = scores / std::sqrt(static_cast<double>(inputs.query.size(-1)));
  scores = scores + inputs.layout.additive_mask;
  at::Tensor probabilities = at::softmax(scores, -1);
  scores.reset();
  probabilities = inputs.drop(probabilities);
  const at::Tensor context = at::matmul(probabilities, inputs.value).permute({0, 2, 1, 3});
  return context.contiguous().view({context.size(0), context.size(1), -1});
}

at::Tensor gelu(const at::Tensor& x, model::Gelu form) {
  if (form == model::Gelu::kErf) return x * 0.5 * (1.0 + at::erf(x / std::numbers::sqrt2));
  const double scale = std::sqrt(2.0 / std::numbers::pi);
  return x * 0.5 * (1.0 + at::tanh(scale * (x + 0.044715 * at::pow(x, 3))));
}

at::Tensor add_residual(const at::Tensor& branch, const at::Tensor& residual) {
  return branch + residual;
}

constexpr PlainOperators kOperators = {/*packed_projection=*/false, attention, gelu, add_residual};

}  // namespace

EagerLayer::EagerLayer(const model::BertConfig& config, int64_t index,
                       const at::TensorOptions& options)
    : PlainLayer(config, index, options, kOperators) {}

}  // namespace baseline
