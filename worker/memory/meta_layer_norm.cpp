#include "worker/memory/meta_layer_norm.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/util/accumulate.h>

#include "worker/memory/planned_device.h"

namespace worker {
namespace {

at::ScalarType at_least_float(at::ScalarType type) {
  return type == at::kDouble ? at::kDouble : at::kFloat;
}

at::ScalarType statistics_dtype(const at::Tensor& input, const std::optional<at::Tensor>& weight) {
  const bool mixed = weight && weight->defined() && weight->scalar_type() != input.scalar_type();
  if (mixed || plans_for_cuda()) return at_least_float(input.scalar_type());
  return input.scalar_type();
}

at::Tensor contiguous_like(const at::Tensor& tensor) {
  return at::empty_like(tensor, at::MemoryFormat::Contiguous);
}

}  // namespace

ThreeTensors meta_layer_norm(const at::Tensor& input, at::IntArrayRef normalized_shape,
                             const std::optional<at::Tensor>& weight,
                             const std::optional<at::Tensor>&, double) {
  const at::Tensor x = input.contiguous();
  const auto leading =
      input.sizes().slice(0, static_cast<size_t>(input.dim()) - normalized_shape.size());
  std::vector<int64_t> statistics_sizes(leading.begin(), leading.end());
  statistics_sizes.resize(static_cast<size_t>(input.dim()), 1);
  at::Tensor output = contiguous_like(x);
  const auto options = x.options().dtype(statistics_dtype(input, weight));
  at::Tensor mean = at::empty(statistics_sizes, options);
  at::Tensor rstd = at::empty(statistics_sizes, options);
  return {std::move(output), std::move(mean), std::move(rstd)};
}

ThreeTensors meta_layer_norm_backward(const at::Tensor& d_output, const at::Tensor& input,
                                      at::IntArrayRef normalized_shape, const at::Tensor&,
                                      const at::Tensor&, const std::optional<at::Tensor>& weight,
                                      const std::optional<at::Tensor>& bias,
                                      std::array<bool, 3> output_mask) {
  const at::Tensor x = input.contiguous();
  at::Tensor d_input;
  at::Tensor d_weight;
  at::Tensor d_bias;
  if (output_mask[0]) d_input = contiguous_like(x);
  if (output_mask[1]) d_weight = contiguous_like(*weight);
  if (output_mask[2]) d_bias = contiguous_like(*bias);
  const at::Tensor dy = d_output.contiguous();
  if (!plans_for_cuda() && (d_weight.defined() || d_bias.defined())) {
    const int64_t columns = c10::multiply_integers(normalized_shape);
    at::empty({2, at::get_num_threads(), columns}, x.options());
  }
  return {std::move(d_input), std::move(d_weight), std::move(d_bias)};
}

}  // namespace worker
