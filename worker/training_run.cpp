#include "worker/training_run.h"

#include <limits>

#include <fmt/format.h>

#include "harness/protocol/protocol_error.h"
#include "worker/cell_model.h"

namespace worker {
namespace {

model::WindowOptions window_options(const harness::Cell& cell, const RunPlace& place) {
  return {.sequence_length = cell.sequence_length,
          .sequences_per_step = cell.micro_batch * place.accumulation_steps,
          .seed = cell.measure.seed,
          .vocabulary = cell.model.vocabulary,
          .token_types = cell.model.token_types,
          .activations = at::TensorOptions(place.device).dtype(dtype_of(cell.precision)),
          .row_layout = row_layout_of(cell),
          .source = cell.data.file};
}

std::unique_ptr<model::Optimizer> make_optimizer(const harness::Cell& cell,
                                                 const model::Registry& registry,
                                                 const model::BertForSquad& bert,
                                                 PlannedDevice device) {
  const auto* const found = registry.find_optimizer(cell.optimizer);
  if (found == nullptr) {
    throw harness::ProtocolError(fmt::format("this build has no optimizer \"{}\"", cell.optimizer));
  }
  model::AdamWOptions options;
  if (device == PlannedDevice::kCuda)
    options.widened_elements = std::numeric_limits<int64_t>::max();
  return found->make(bert.parameters(), options);
}

}  // namespace

const model::Implementation& implementation_of(const harness::Cell& cell,
                                               const model::Registry& registry) {
  const auto* const found = registry.find(cell.implementation);
  if (found == nullptr) {
    throw harness::ProtocolError(
        fmt::format("this build has no implementation \"{}\"", cell.implementation));
  }
  return *found;
}

TrainingRun::TrainingRun(const harness::Cell& cell, const model::Registry& registry,
                         const RunPlace& place, train::PhaseObserver& observer,
                         const CellData& data, train::PassRecorder* recorder)
    : bert_(bert_config(cell.model), implementation_of(cell, registry),
            bert_options(cell, place.device)),
      data_(data.windows(cell), window_options(cell, place)),
      dropout_(
          implementation_of(cell, registry).make_dropout(place.stands_for == PlannedDevice::kCuda)),
      optimizer_(make_optimizer(cell, registry, bert_, place.stands_for)) {
  bert_.initialize(cell.measure.seed);
  const train::EngineOptions options{.micro_batch = cell.micro_batch,
                                     .accumulation_steps = place.accumulation_steps,
                                     .dropout_seed = cell.measure.seed};
  step_ = std::make_unique<train::TrainingStep>(bert_, data_, *dropout_, *optimizer_, observer,
                                                options, recorder);
}

}  // namespace worker
