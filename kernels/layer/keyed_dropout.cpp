#include "kernels/layer/keyed_dropout.h"

#include <utility>

#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ne.h>
#include <ATen/ops/ones.h>
#include <torch/csrc/autograd/custom_function.h>

#include "kernels/core/dropout_bits.h"
#include "kernels/dropout/dropout.h"
#include "kernels/layer/dtype.h"
#include "kernels/layer/layer_call.h"

namespace kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void drop(const at::Tensor& output, const at::Tensor& input, const DropoutStream& stream) {
  const bool has_heads = input.dim() == 4;
  run_operator(input, [&]<class T>() {
    dropout<T>({.output = data<T>(output),
                .input = data<T>(input),
                .batch = input.size(0),
                .heads = has_heads ? input.size(1) : 1,
                .rows = input.size(-2),
                .columns = input.size(-1),
                .stream = stream});
  });
}

/// For dtypes without an operator of their own: the same bits, the scale in full precision.
at::Tensor drop_by_mask(const at::Tensor& input, const DropoutStream& stream) {
  const at::Tensor mask = at::ones(input.sizes(), input.options().dtype(at::kFloat));
  drop(mask, mask, stream);
  const at::Tensor keep = mask.ne(0).to(input.scalar_type());
  return at::mul(input, keep.mul(dropout_scale(stream.probability)));
}

struct StreamHolder : torch::CustomClassHolder {
  explicit StreamHolder(DropoutStream held) : stream(held) {}
  DropoutStream stream;
};

class KeyedDropoutFunction : public torch::autograd::Function<KeyedDropoutFunction> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input,
                            const DropoutStream& stream) {
    context->saved_data["stream"] =
        at::IValue::make_capsule(c10::make_intrusive<StreamHolder>(stream));
    context->set_materialize_grads(false);
    const at::ScalarType dtype = input.scalar_type();
    if (dtype != at::kFloat && dtype != at::kBFloat16) return drop_by_mask(input, stream);
    const at::Tensor contiguous = input.contiguous();
    at::Tensor output = at::empty_like(contiguous);
    drop(output, contiguous, stream);
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    if (!gradients.at(0).defined()) return {at::Tensor(), at::Tensor()};
    const auto holder = context->saved_data.at("stream").toCapsule();
    return {apply(gradients[0], static_cast<const StreamHolder*>(holder.get())->stream),
            at::Tensor()};
  }
};

}  // namespace

at::Tensor KeyedDropout::apply(const at::Tensor& input, double p, const model::DropoutKey& key,
                               const model::SequenceLayout& layout) const {
  TORCH_CHECK(p >= 0 && p < 1, "keyed dropout: probability ", p, " is not in [0, 1)");
  TORCH_CHECK(input.dim() == 3 || input.dim() == 4, "keyed dropout: input ", input.sizes(),
              " is neither [batch, sequence, hidden] nor [batch, heads, sequence, sequence]");
  if (p == 0) return input;
  return KeyedDropoutFunction::apply(input, dropout_stream(key, p, layout));
}

}  // namespace kernels
