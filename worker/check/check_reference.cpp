#include "worker/check/check_reference.h"

#include <deque>
#include <stdexcept>
#include <utility>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "checkpoint/safetensors_writer.h"
#include "model/stored_tensor.h"
#include "worker/cell_model.h"
#include "worker/check/check_problem.h"
#include "worker/check/compare.h"
#include "worker/check/reference_run.h"
#include "worker/check/tolerances.h"
#include "worker/support.h"

namespace worker {
namespace {

/// A file's tensors, with the memory that they are views of.
class StoredTensors {
 public:
  void add(std::string name, const at::Tensor& tensor) {
    views_.push_back(model::stored_view(std::move(name), kept_.emplace_back(tensor.contiguous())));
  }
  const std::vector<checkpoint::TensorView>& views() const { return views_; }

 private:
  std::deque<at::Tensor> kept_;
  std::vector<checkpoint::TensorView> views_;
};

/// The problem's shape in the protocol's words, without dropout.
harness::ModelShape problem_shape(harness::ModelShape shape) {
  const auto config = CheckProblem::config(shape);
  shape.preset = "check";
  shape.layers = config.layers;
  shape.hidden = config.hidden;
  shape.heads = config.heads;
  shape.intermediate = config.intermediate;
  shape.vocabulary = config.vocabulary;
  shape.max_positions = config.max_positions;
  shape.token_types = config.token_types;
  shape.attention_dropout = shape.hidden_dropout = 0;
  return shape;
}

/// 1 for tokens, 0 for padding: [batch, padded_length].
at::Tensor token_mask(const model::SequenceLayout& layout) {
  const auto mask = at::zeros({layout.batch, layout.padded_length}, at::kLong);
  for (int64_t i = 0; i < layout.batch; ++i) {
    mask.select(0, i).narrow(0, 0, layout.lengths[static_cast<size_t>(i)]).fill_(1);
  }
  return mask;
}

void add_batch(StoredTensors& tensors) {
  const auto batch = CheckProblem::batch(at::kDouble, model::RowLayout::kPadded);
  const auto mask = token_mask(batch.layout);
  tensors.add("input_ids", batch.input_ids);
  tensors.add("token_type_ids", batch.token_type_ids);
  tensors.add("attention_mask", mask);
  tensors.add("start_positions", batch.start_positions);
  tensors.add("end_positions", batch.end_positions);
  tensors.add("logit_weights", CheckProblem::logit_weights(mask.sum().item<int64_t>()));
}

void add_weights(StoredTensors& tensors, const harness::Cell& cell,
                 const model::Implementation& implementation) {
  model::BertOptions options;
  options.tensors = at::TensorOptions(at::kDouble);
  const model::BertForSquad bert(CheckProblem::config(cell.model), implementation, options);
  CheckProblem::fill_weights(bert, dtype_of(cell.precision));
  for (const auto& weight : bert.weights()) {
    tensors.add("weight/" + weight.name, weight.value().detach().clone());
  }
}

/// Names of results that are not gradients.
bool is_output(const std::string& name) {
  return name == "loss" || name == "span_logits";
}

}  // namespace

harness::CheckReference write_reference(const serve::ReferenceRequest& request,
                                        const model::Registry& registry,
                                        const std::string& reference) {
  const auto& cell = request.cell;
  if (const auto reason = unsupported_reason(cell, registry); !reason.empty()) {
    throw std::runtime_error(reason);
  }
  at::set_num_threads(static_cast<int>(resolved_threads(cell.measure)));
  const auto results = reference_run(cell, registry, reference, /*dropout=*/false);
  // Against itself: whether it proves anything.
  const auto verdict = compare_with_reference(results, results, cell.precision);
  if (verdict.status != harness::Status::kPassed) throw std::runtime_error(verdict.reason);
  harness::CheckReference reply{problem_shape(cell.model), {}};
  StoredTensors tensors;
  add_batch(tensors);
  add_weights(tensors, cell, *registry.find(reference));
  for (const auto& [name, value] : results) {
    tensors.add(is_output(name) ? name : "gradient/" + name, value);
    reply.tensors.push_back({name, tolerance_of(name, cell.precision), scale_of(name)});
  }
  checkpoint::write_safetensors(request.file, tensors.views());
  return reply;
}

}  // namespace worker
