#include "apps/bench_kernels/composition.h"

namespace apps {
namespace {

Tensors leaves(const Tensors& inputs) {
  Tensors result;
  for (const at::Tensor& input : inputs) result.push_back(input.detach().requires_grad_(true));
  return result;
}

}  // namespace

std::function<Tensors()> torch_forward(const Tensors& inputs, const Composition& composition) {
  return [inputs = leaves(inputs), composition] { return composition(inputs); };
}

std::function<Tensors()> torch_backward(const Tensors& inputs, const Composition& composition,
                                        const Tensors& d_outputs) {
  const Tensors variables = leaves(inputs);
  return [variables, outputs = composition(variables), d_outputs] {
    constexpr bool kRetainGraph = true;
    return torch::autograd::grad(outputs, variables, d_outputs, kRetainGraph);
  };
}

}  // namespace apps
