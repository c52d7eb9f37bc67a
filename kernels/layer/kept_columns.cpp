#include "kernels/layer/kept_columns.h"

#include <algorithm>
#include <vector>

#include "kernels/layer_norm/kept_columns.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"
#include "model/host_copy.h"

namespace kernels {
namespace {

/// Those of the columns that cannot be inverted. Waits for the device that the weights are on.
std::vector<int32_t> columns_of(const at::Tensor& gamma, const at::Tensor& beta) {
  const at::Tensor host_gamma = gamma.detach().cpu();
  const at::Tensor host_beta = beta.detach().cpu();
  std::vector<int32_t> columns;
  CudaElements::with(gamma.scalar_type(), [&]<class T>() {
    columns =
        uninvertible_columns(data<const T>(host_gamma), data<const T>(host_beta), gamma.numel());
  });
  return columns;
}

int64_t room_for(const at::Tensor& gamma, const at::Tensor& beta) {
  if (!takes_cuda_workspace(gamma)) return 0;
  const auto now = gamma.is_meta() ? 0 : static_cast<int64_t>(columns_of(gamma, beta).size());
  return std::min(now + kKeptRoom, gamma.numel());
}

at::TensorOptions column_options(const at::Tensor& gamma) {
  return gamma.options().dtype(at::kInt).requires_grad(false);
}

void find_columns([[maybe_unused]] const NormWeights& norm,
                  [[maybe_unused]] const at::Tensor& found) {
  if constexpr (kHasCuda) {
    run_operator(norm.gamma, [&]<class T>(auto... stream) {
      if constexpr (sizeof...(stream) > 0) {
        find_kept_columns<T>({.found = data<int32_t>(found),
                              .room = norm.kept_room,
                              .gamma = data<T>(norm.gamma),
                              .beta = data<T>(norm.beta),
                              .columns = norm.gamma.numel()},
                             stream...);
      }
    });
  }
}

}  // namespace

KeptRoom room_for_kept_columns(const LayerWeights& weights) {
  return {room_for(weights.attention_norm_weight, weights.attention_norm_bias),
          room_for(weights.output_norm_weight, weights.output_norm_bias)};
}

void keep_columns(const NormWeights& norm, int64_t rows, SavedNorm& saved) {
  if (takes_cuda_workspace(norm.gamma)) {
    saved.kept_columns = at::empty({1 + norm.kept_room}, column_options(norm.gamma));
    saved.x_hat = allocate_floats(norm.gamma, rows * norm.kept_room);
    find_columns(norm, saved.kept_columns);
    return;
  }
  if (norm.gamma.is_meta()) return;
  std::vector<int32_t> columns = columns_of(norm.gamma, norm.beta);
  if (columns.empty()) return;
  const auto count = static_cast<int64_t>(columns.size());
  saved.kept_columns = model::tensor_of(columns, at::kInt, {count}, column_options(norm.gamma));
  saved.x_hat = allocate_floats(norm.gamma, rows * count);
}

}  // namespace kernels
