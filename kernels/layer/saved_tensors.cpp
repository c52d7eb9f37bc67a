#include "kernels/layer/saved_tensors.h"

#include <utility>

#include "kernels/tensor/allocate.h"

namespace kernels {

InvertibleColumns SavedNorm::kept() const {
  const bool has_memory = x_hat.defined() && !x_hat.is_meta();
  return {.columns = kept_columns.data(),
          .count = static_cast<int64_t>(kept_columns.size()),
          .x_hat = has_memory ? x_hat.data_ptr() : nullptr};
}

std::vector<at::Tensor> SavedTensors::tensors() const {
  std::vector<at::Tensor> defined;
  for (const at::Tensor& tensor :
       {normed_input, qkv, probabilities, dropped, log_sum_exp, context, attention_norm.input,
        attention_norm.mean, attention_norm.rstd, attention_norm.x_hat, attention_normed,
        intermediate, activated, output_norm.input, output_norm.mean, output_norm.rstd,
        output_norm.x_hat, output}) {
    if (tensor.defined()) defined.push_back(tensor);
  }
  return defined;
}

at::Tensor SavedMemory::take(at::Tensor& saved) const {
  return consume ? std::exchange(saved, at::Tensor()) : allocate_like(saved);
}

void SavedMemory::free(at::Tensor& saved) const {
  if (consume) saved.reset();
}

}  // namespace kernels
