#include "kernels/layer/saved_tensors.h"

#include <utility>

#include "kernels/tensor/allocate.h"
#include "kernels/tensor/device.h"

namespace kernels {

InvertibleColumns SavedNorm::kept() const {
  if (!x_hat.defined()) return {};
  const auto* columns = kept_columns.const_data_ptr<int32_t>();
  if (!takes_cuda_workspace(x_hat)) {
    return {.columns = columns, .count = kept_columns.numel(), .x_hat = x_hat.data_ptr()};
  }
  return {.columns = columns + 1,
          .count = kept_columns.numel() - 1,
          .x_hat = x_hat.data_ptr(),
          .found = columns};
}

std::vector<at::Tensor> SavedTensors::tensors() const {
  std::vector<at::Tensor> defined;
  for (const at::Tensor& tensor : {normed_input,         qkv,
                                   probabilities,        dropped,
                                   log_sum_exp,          context,
                                   attention_norm.input, attention_norm.mean,
                                   attention_norm.rstd,  attention_norm.kept_columns,
                                   attention_norm.x_hat, attention_normed,
                                   intermediate,         activated,
                                   output_norm.input,    output_norm.mean,
                                   output_norm.rstd,     output_norm.kept_columns,
                                   output_norm.x_hat,    output}) {
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
