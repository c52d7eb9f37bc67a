#include "worker/trace/operator_cost.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/core/function_schema.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace worker {
namespace {

/// Operators that multiply the matrices at `first` and `first + 1` of their inputs.
struct ProductRule {
  std::string_view name;
  size_t first;
};
constexpr ProductRule kProducts[] = {
    {"aten::mm", 0},
    {"aten::bmm", 0},
    {"aten::mv", 0},
    {"aten::dot", 0},
    {"aten::addmm", 1},
    {"aten::addmm_", 1},
    {"aten::addmv", 1},
    {"aten::baddbmm", 1},
    {"aten::baddbmm_", 1},
    {"aten::addbmm", 1},
    {"aten::_addmm_activation", 1},
};

/// Of query, key and value, [batch, heads, sequence, head_dim].
constexpr std::string_view kAttentionForward[] = {
    "aten::_scaled_dot_product_flash_attention_for_cpu",
    "aten::_scaled_dot_product_flash_attention", "aten::_scaled_dot_product_efficient_attention",
    "aten::_scaled_dot_product_cudnn_attention"};
/// Of the output's gradient, query, key and value.
constexpr std::string_view kAttentionBackward[] = {
    "aten::_scaled_dot_product_flash_attention_for_cpu_backward",
    "aten::_scaled_dot_product_flash_attention_backward",
    "aten::_scaled_dot_product_efficient_attention_backward",
    "aten::_scaled_dot_product_cudnn_attention_backward"};

constexpr std::string_view kAllocations[] = {
    "aten::empty",          "aten::empty_like", "aten::empty_strided",
    "aten::empty_permuted", "aten::new_empty",  "aten::new_empty_strided",
    "aten::_unsafe_view",   "aten::resize_",    "aten::set_"};

/// What these write does not depend on what was there.
constexpr std::string_view kOverwrites[] = {"aten::copy_",      "aten::fill_",    "aten::zero_",
                                            "aten::bernoulli_", "aten::uniform_", "aten::normal_"};

constexpr std::string_view kGathers[] = {"aten::index_select", "aten::embedding", "aten::gather"};

template <class Names>
bool is_among(std::string_view name, const Names& names) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

template <class Visit>
void for_each_tensor(c10::ArrayRef<const c10::IValue> values, const Visit& visit) {
  for (const auto& value : values) {
    if (value.isTensor()) {
      if (value.toTensor().defined()) visit(value.toTensor());
    } else if (value.isTensorList()) {
      for (const at::Tensor& tensor : value.toTensorVector()) {
        if (tensor.defined()) visit(tensor);
      }
    }
  }
}

int64_t touched_bytes(const at::Tensor& tensor) {
  auto elements = int64_t{1};
  for (int64_t i = 0; i < tensor.dim(); ++i) {
    // A broadcast dimension is one row that is read again and again.
    if (tensor.stride(i) != 0 || tensor.size(i) == 0) elements *= tensor.size(i);
  }
  return elements * static_cast<int64_t>(tensor.element_size());
}

int64_t total_bytes(c10::ArrayRef<const c10::IValue> values) {
  std::vector<std::pair<const void*, int64_t>> seen;
  int64_t total = 0;
  for_each_tensor(values, [&](const at::Tensor& tensor) {
    const std::pair key(tensor.const_data_ptr(), touched_bytes(tensor));
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) return;
    seen.push_back(key);
    total += key.second;
  });
  return total;
}

at::Tensor tensor_at(c10::ArrayRef<const c10::IValue> inputs, size_t index) {
  return index < inputs.size() && inputs[index].isTensor() ? inputs[index].toTensor()
                                                           : at::Tensor();
}

/// `products` products of [sequence, head_dim] and [head_dim, keys] matrices, a head.
int64_t attention_flops(const at::Tensor& query, const at::Tensor& key, int64_t products) {
  return query.defined() && key.defined() ? products * 2 * query.numel() * key.size(-2) : 0;
}

bool returns_a_view(const c10::FunctionSchema& schema) {
  return std::any_of(schema.returns().begin(), schema.returns().end(), [](const auto& result) {
    return result.alias_info() != nullptr && !result.alias_info()->isWrite();
  });
}

}  // namespace

std::string precision_of(c10::ArrayRef<const c10::IValue> values) {
  std::string precision;
  for_each_tensor(values, [&](const at::Tensor& tensor) {
    if (!precision.empty() || !tensor.is_floating_point()) return;
    switch (tensor.scalar_type()) {
      case at::kFloat:
        precision = "fp32";
        break;
      case at::kBFloat16:
        precision = "bf16";
        break;
      case at::kHalf:
        precision = "fp16";
        break;
      case at::kDouble:
        precision = "fp64";
        break;
      default:
        precision = c10::toString(tensor.scalar_type());
    }
  });
  return precision;
}

std::string shapes_of(c10::ArrayRef<const c10::IValue> values) {
  std::string text;
  for_each_tensor(values, [&](const at::Tensor& tensor) {
    if (!text.empty()) text += ' ';
    text += fmt::format("[{}]", fmt::join(tensor.sizes(), ", "));
  });
  return text;
}

int64_t bytes_read(std::string_view name, c10::ArrayRef<const c10::IValue> inputs) {
  const bool reads_first = !is_among(name, kGathers) && !is_among(name, kOverwrites);
  const size_t first = reads_first ? 0 : 1;
  return total_bytes(inputs.slice(std::min(first, inputs.size())));
}

int64_t bytes_written(std::string_view name, c10::ArrayRef<const c10::IValue> outputs) {
  return total_bytes(outputs) * (is_among(name, kGathers) ? 2 : 1);
}

int64_t product_flops(std::string_view name, c10::ArrayRef<const c10::IValue> inputs) {
  if (is_among(name, kAttentionForward)) {
    return attention_flops(tensor_at(inputs, 0), tensor_at(inputs, 1), 2);
  }
  if (is_among(name, kAttentionBackward)) {
    return attention_flops(tensor_at(inputs, 1), tensor_at(inputs, 2), 4);
  }
  for (const auto& rule : kProducts) {
    if (rule.name != name) continue;
    const at::Tensor a = tensor_at(inputs, rule.first);
    const at::Tensor b = tensor_at(inputs, rule.first + 1);
    if (!a.defined() || !b.defined()) return 0;
    return 2 * a.numel() * (b.dim() < 2 ? 1 : b.size(-1));
  }
  return 0;
}

bool moves_no_bytes(const at::RecordFunction& function) {
  if (is_among(std::string_view(function.name()), kAllocations)) return true;
  const auto name = function.operator_name();
  if (!name) return false;
  // A schema is costly to get, and the answer the same for all calls of an operator.
  thread_local std::map<std::pair<std::string, std::string>, bool> known;
  const std::pair key(name->name, name->overload_name);
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  const auto schema = function.operator_schema();
  return known.emplace(key, schema && returns_a_view(*schema)).first->second;
}

}  // namespace worker
