#include "kernels/tensor/operator_span.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace kernels {

/// "norm_forward" of "at::Tensor kernels::{anonymous}::norm_forward(const LayerCall&)".
static std::string_view short_name(std::string_view function) {
  function = function.substr(0, function.find('('));
  const auto before = function.find_last_of(": ");
  return before == std::string_view::npos ? function : function.substr(before + 1);
}

void OperatorSpan::begin(const std::source_location& where, int64_t flops) {
  const std::string name = "fused::" + std::string(short_name(where.function_name()));
  const std::unordered_map<std::string, c10::IValue> keywords = {{"flops", flops}};
  record_.before(std::string_view(name), &keywords);
  outer_ = std::exchange(current_, this);
}

void OperatorSpan::end() {
  current_ = outer_;
  record_.setOutputs(std::move(tensors_));
}

}  // namespace kernels
