#include "worker/measure/warm_up.h"

#include <ATen/ATen.h>

namespace worker {

void warm_up_libraries(c10::Device device, std::initializer_list<c10::ScalarType> types) {
  for (const auto type : types) {
    const auto options = at::TensorOptions(device).dtype(type);
    const auto weight = at::ones({64, 64}, options).set_requires_grad(true);
    const auto bias = at::ones({64}, options).set_requires_grad(true);
    const auto input = at::ones({4, 16, 64}, options);
    const auto hidden = at::gelu(at::linear(input, weight, bias));
    const auto scores = at::softmax(at::matmul(hidden, hidden.transpose(1, 2)), -1);
    at::dropout(scores, 0.1, /*train=*/true).to(at::kFloat).sum().backward();
  }
}

}  // namespace worker
