#include "kernels/layer/keyed_dropout.h"

#include <utility>

#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ne.h>
#include <ATen/ops/ones.h>
#include <torch/csrc/autograd/custom_function.h>

#include "kernels/core/dropout_bits.h"
#include "kernels/dropout/dropout.h"
#include "kernels/layer/layer_call.h"
#include "kernels/tensor/run_operator.h"

namespace kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// A stream of bits and the rows that they are for.
struct KeyedRows : torch::CustomClassHolder {
  KeyedRows(DropoutStream stream_in, const model::SequenceLayout& layout)
      : stream(stream_in), offsets(layout.offsets), device_rows(layout.device_rows) {}

  DropoutStream stream;
  std::vector<int64_t> offsets;  ///< [batch + 1] first row of each sequence
  at::Tensor device_rows;        ///< SequenceLayout's, on CUDA

  SequenceRows sequences() const {
    return {offsets.data(), static_cast<int64_t>(offsets.size()) - 1, device_pointer(device_rows)};
  }
};

void drop(const at::Tensor& output, const at::Tensor& input, const KeyedRows& keyed) {
  run_operator(input, [&]<class T>(auto... stream) {
    dropout<T>({.output = data<T>(output),
                .input = data<T>(input),
                .sequences = keyed.sequences(),
                .heads = input.dim() == 4 ? input.size(1) : 1,
                .columns = input.size(-1),
                .stream = keyed.stream},
               stream...);
  });
}

/// For dtypes without an operator of their own: the same bits, the scale in full precision.
at::Tensor drop_by_mask(const at::Tensor& input, const KeyedRows& keyed) {
  const at::Tensor mask = at::ones(input.sizes(), input.options().dtype(at::kFloat));
  drop(mask, mask, keyed);
  const at::Tensor keep = mask.ne(0).to(input.scalar_type());
  return at::mul(input, keep.mul(dropout_scale(keyed.stream.probability)));
}

class KeyedDropoutFunction : public torch::autograd::Function<KeyedDropoutFunction> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input,
                            const c10::intrusive_ptr<KeyedRows>& keyed) {
    context->saved_data["keyed"] = at::IValue::make_capsule(keyed);
    context->set_materialize_grads(false);
    if (!operators_take(input.device(), input.scalar_type())) return drop_by_mask(input, *keyed);
    const at::Tensor contiguous = input.contiguous();
    at::Tensor output = at::empty_like(contiguous);
    drop(output, contiguous, *keyed);
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    if (!gradients.at(0).defined()) return {at::Tensor(), at::Tensor()};
    const auto keyed =
        c10::static_intrusive_pointer_cast<KeyedRows>(context->saved_data.at("keyed").toCapsule());
    return {apply(gradients[0], keyed), at::Tensor()};
  }
};

}  // namespace

at::Tensor KeyedDropout::apply(const at::Tensor& input, double p, const model::DropoutKey& key,
                               const model::SequenceLayout& layout) const {
  TORCH_CHECK(p >= 0 && p < 1, "keyed dropout: probability ", p, " is not in [0, 1)");
  if (p == 0) return input;
  const int64_t heads = input.dim() == 4 ? input.size(1) : 1;
  TORCH_CHECK(input.dim() >= 2 && layout.rows() * heads * input.size(-1) == input.numel(),
              "keyed dropout: input ", input.sizes(), " is neither [batch, sequence, hidden] nor ",
              "[batch, heads, sequence, sequence] of a layout of ", layout.rows(), " rows");
  return KeyedDropoutFunction::apply(
      input, c10::make_intrusive<KeyedRows>(dropout_stream(key, p, layout), layout));
}

}  // namespace kernels
