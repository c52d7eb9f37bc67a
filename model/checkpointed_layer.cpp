#include "model/checkpointed_layer.h"

#include <utility>

#include "model/generator_state.h"

namespace model {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// What running the layer again needs besides its input.
struct Recomputation : torch::CustomClassHolder {
  Recomputation(const EncoderLayer& layer_in, SequenceLayout layout_in,
                const DropoutSource& dropout_in, bool training_in, at::Device device)
      : layer(layer_in),
        layout(std::move(layout_in)),
        dropout(dropout_in),
        training(training_in),
        generator(GeneratorState::capture(device)) {}

  const EncoderLayer& layer;
  SequenceLayout layout;
  const DropoutSource& dropout;
  bool training;
  GeneratorState generator;
};

/// While it lives, the generators go on from `first_run`; then they are back where they were.
class ReplayedGenerator {
 public:
  ReplayedGenerator(const GeneratorState& first_run, at::Device device)
      : current_(GeneratorState::capture(device)) {
    first_run.restore();
  }
  ~ReplayedGenerator() { current_.restore(); }
  ReplayedGenerator(const ReplayedGenerator&) = delete;
  ReplayedGenerator& operator=(const ReplayedGenerator&) = delete;

 private:
  GeneratorState current_;
};

at::Tensor run_again(const Recomputation& run, const at::Tensor& hidden) {
  const ReplayedGenerator replayed(run.generator, hidden.device());
  return run.layer.forward(hidden, run.layout, run.dropout, run.training);
}

class Checkpoint : public torch::autograd::Function<Checkpoint> {
 public:
  /// `anchor`, which requires a gradient and gets none, makes the output require one where `hidden`
  /// does not: without it the layer's parameters would silently get none. It is none of them: who
  /// watches their gradients would be told of one twice.
  static at::Tensor forward(AutogradContext* context, const at::Tensor& hidden,
                            const at::Tensor& /*anchor*/,
                            const c10::intrusive_ptr<Recomputation>& run) {
    context->save_for_backward({hidden});
    context->saved_data["run"] = c10::IValue::make_capsule(run);
    return run->layer.forward(hidden, run->layout, run->dropout, run->training);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto run =
        c10::static_intrusive_pointer_cast<Recomputation>(context->saved_data["run"].toCapsule());
    const at::Tensor saved = context->get_saved_variables().at(0);
    const at::Tensor hidden = saved.detach().requires_grad_(saved.requires_grad());
    {
      const at::AutoGradMode record(true);
      const at::Tensor output = run_again(*run, hidden);
      torch::autograd::backward({output}, {gradients.at(0)});
    }
    return {hidden.grad(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

CheckpointedLayer::CheckpointedLayer(std::unique_ptr<EncoderLayer> layer)
    : layer_(std::move(layer)) {}

at::Tensor CheckpointedLayer::forward(const at::Tensor& hidden, const SequenceLayout& layout,
                                      const DropoutSource& dropout, bool training) const {
  if (!at::GradMode::is_enabled()) return layer_->forward(hidden, layout, dropout, training);
  const at::Tensor anchor = at::empty({0}, hidden.options()).requires_grad_(true);
  return Checkpoint::apply(
      hidden, anchor,
      c10::make_intrusive<Recomputation>(*layer_, layout, dropout, training, hidden.device()));
}

}  // namespace model
