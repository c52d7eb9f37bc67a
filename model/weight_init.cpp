#include "model/weight_init.h"

#include <string_view>

#include <ATen/CPUGeneratorImpl.h>

namespace model {
namespace {

constexpr double kInitializerRange = 0.02;

/// FNV-1a, 64 bit: the same on every platform, which std::hash is not.
uint64_t name_hash(std::string_view name) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return hash;
}

}  // namespace

void initialize_weight(const WeightView& weight, uint64_t seed) {
  if (weight.parameter.is_meta()) return;
  const at::NoGradGuard no_grad;
  at::Tensor rows = weight.value();
  const std::string_view name = weight.name;
  if (name.ends_with(".bias")) {
    rows.zero_();
  } else if (name.ends_with("LayerNorm.weight")) {
    rows.fill_(1.0);
  } else {
    const at::Generator generator = at::detail::createCPUGenerator(name_hash(name) ^ seed);
    at::Tensor values = at::empty(rows.sizes(), at::TensorOptions(at::kFloat));
    rows.copy_(values.normal_(0.0, kInitializerRange, generator));
  }
}

}  // namespace model
