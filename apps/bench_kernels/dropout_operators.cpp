#include <stdexcept>

#include "apps/bench_kernels/composition.h"
#include "apps/bench_kernels/dropout_generator.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/padded_rows.h"
#include "apps/bench_kernels/streams.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/dropout/dropout.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

/// Attention's probabilities, where most of BERT's dropout is.
std::vector<int64_t> sizes(const Setting& setting) {
  return {setting.batch, setting.heads, setting.sequence, setting.sequence};
}

Composition torch_dropout(const Setting& setting) {
  // view_as: a tensor of its own in the graph, also where nothing is dropped.
  return [p = setting.dropout](const Tensors& in) -> Tensors {
    return {at::dropout(in[0], p, true).view_as(in[0])};
  };
}

std::function<void()> fused_dropout(const Setting& setting, const at::Tensor& output,
                                    const at::Tensor& input) {
  return [=, sequences = PaddedRows(setting)] {
    kernels::run_operator(output, [&]<class T>(auto... stream) {
      kernels::dropout<T>({.output = data<T>(output),
                           .input = data<T>(input),
                           .sequences = sequences.rows(),
                           .heads = setting.heads,
                           .columns = setting.sequence,
                           .stream = attention_stream(setting)},
                          stream...);
    });
  };
}

Case dropout_forward(const Setting& setting) {
  const at::Tensor input = RandomTensors(setting)(sizes(setting));
  const at::Tensor output = unwritten(setting, input.sizes());
  return {.fused = fused_dropout(setting, output, input),
          .fused_outputs = {output},
          .torch = torch_forward({input}, torch_dropout(setting)),
          .work = bytes_of({input, output})};
}

Case dropout_backward(const Setting& setting) {
  RandomTensors random(setting);
  const at::Tensor input = random(sizes(setting));
  const at::Tensor d_output = random(sizes(setting));
  const at::Tensor d_input = unwritten(setting, input.sizes());
  return {.fused = fused_dropout(setting, d_input, d_output),
          .fused_outputs = {d_input},
          .torch = torch_backward({input}, torch_dropout(setting), {d_output}),
          .work = bytes_of({d_output, d_input})};
}

void require_definition(GeneratorRun run) {
  run.batch = 1;
  run.heads = 2;
  std::vector<float> got(static_cast<size_t>(run.batch * run.heads * run.rows));
  std::vector<float> expected(got.size());
  run.dropped = got.data();
  count_dropped(run);
  run.dropped = expected.data();
  reference_count_dropped(run);
  if (got != expected) {
    throw std::runtime_error(
        "dropout_bits: the generator does not give the bits of its definition");
  }
}

/// The generator alone; LibTorch draws as many bits into a mask. No outputs to compare: the bits
/// are compared with their definition instead.
Case dropout_bits(const Setting& setting) {
  const at::Tensor dropped = unwritten_floats(setting, {setting.matrices() * setting.sequence});
  const GeneratorRun run = {.dropped = data<float>(dropped),
                            .batch = setting.batch,
                            .heads = setting.heads,
                            .rows = setting.sequence,
                            .columns = setting.sequence,
                            .stream = attention_stream(setting)};
  require_definition(run);
  const at::Tensor mask = unwritten(setting, sizes(setting));
  return {.fused = [run, dropped] { count_dropped(run); },
          .fused_outputs = {},
          .torch = [mask, keep = 1 - setting.dropout]() -> Tensors {
            return {at::Tensor(mask).bernoulli_(keep)};
          },
          .work = mask.numel()};
}

}  // namespace

std::vector<Operator> dropout_operators() {
  return {{"dropout/forward", dropout_forward, kExact},
          {"dropout/backward", dropout_backward, kExact},
          {"dropout_bits/generate", dropout_bits, kExact, WorkUnit::kElements, /*cpu_only=*/true}};
}

}  // namespace apps
