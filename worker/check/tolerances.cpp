#include "worker/check/tolerances.h"

#include <string_view>

namespace worker {
namespace {

/// Bounds of one kind of tensor. Each is some multiple of what LibTorch's own operators
/// (pytorch_eager) reach on the check's problem in that precision, over both placements of
/// LayerNorm and both GELUs.
struct Row {
  double fp32;
  double bf16;
};

/// A mean of few cross-entropies: errors of the logits partly cancel (3e-7, 3e-3).
constexpr Row kLoss = {5e-6, 1e-2};
/// Two layers of activations rounded after every operator; bf16 keeps 8 bits (4e-7, 8e-3).
constexpr Row kLogits = {5e-6, 2.5e-2};
/// The backward pass doubles the roundings, and attention's gradients are differences of nearly
/// equal numbers (1.2e-6, 2.3e-2). A defect that matters (a wrong mask, scale or statistic, a
/// missing term) gives 0.1 and more. normalize_invertible needs no row of its own: columns whose
/// inversion would lose accuracy keep their normalized value.
constexpr Row kGradient = {1e-5, 6e-2};
/// Softmax does not change with a constant added to a row of scores, so the key bias has gradient
/// zero in exact arithmetic. What rounding leaves is compared with the query bias's gradient.
constexpr Row kKeyBias = {1e-5, 6e-2};

bool is_key_bias(std::string_view name) {
  return name.ends_with(".self.key.bias");
}

Row row_of(std::string_view name) {
  if (name == "loss") return kLoss;
  if (name == "span_logits") return kLogits;
  return is_key_bias(name) ? kKeyBias : kGradient;
}

}  // namespace

double tolerance_of(const std::string& name, const std::string& precision) {
  const auto row = row_of(name);
  return precision == "fp32" ? row.fp32 : row.bf16;
}

std::string scale_of(const std::string& name) {
  if (!is_key_bias(name)) return name;
  auto query = name;
  return query.replace(query.rfind("key"), 3, "query");
}

}  // namespace worker
