#include "apps/bert_squad/training/fine_tuning.h"

#include <chrono>
#include <utility>

#include <ATen/Context.h>

#include "apps/registry.h"
#include "train/parallel/zero_optimizer.h"
#include "worker/cell_model.h"

namespace apps {
namespace {

using Clock = std::chrono::steady_clock;

train::MakeOptimizer maker(const std::string& adam, const train::EngineConfig& config,
                           train::Communicator& communicator) {
  train::MakeOptimizer make =
      train::optimizer_maker(config.optimizer, *registry().find_optimizer(adam));
  if (config.zero_stage == 0 || communicator.size() == 1) return make;
  return train::zero_maker(config.optimizer.kind, std::move(make), communicator);
}

std::unique_ptr<model::DropoutSource> make_dropout(const TrainOptions& options) {
  const model::Registry all = registry();
  if (options.keyed_dropout) return all.make_keyed_dropout();
  return all.find(options.model.implementation)->make_dropout(/*cuda_path=*/false);
}

model::WindowOptions window_options(const TrainOptions& options, const train::EngineConfig& config,
                                    const model::BertForSquad& bert) {
  return {.sequence_length = options.text.windows.max_seq_length,
          .sequences_per_step = config.global_batch,
          .seed = options.model.seed,
          .vocabulary = bert.config().vocabulary,
          .token_types = bert.config().token_types,
          .activations = bert.parameters().front().tensor.options().requires_grad(false),
          .row_layout = worker::row_layout_of(options.model.flags),
          .source = options.questions.string()};
}

/// Seconds since `start`, which becomes now.
double lap(Clock::time_point& start) {
  const auto now = Clock::now();
  return std::chrono::duration<double>(now - std::exchange(start, now)).count();
}

}  // namespace

FineTuning::FineTuning(const TrainOptions& options, const train::EngineConfig& config,
                       std::unique_ptr<model::BertForSquad> bert,
                       std::vector<model::Window> windows, train::Communicator& communicator)
    : config_(config),
      bert_(std::move(bert)),
      dropout_(make_dropout(options)),
      data_(std::move(windows), window_options(options, config, *bert_)),
      rank_(communicator.rank()) {
  if (communicator.size() > 1) reduction_.emplace(bert_->parameters(), communicator);
  made_ =
      train::initialize(config, *bert_, *dropout_, maker(options.optimizer, config, communicator),
                        options.model.seed, reduction());
  // LibTorch's own dropout draws from its generator: each process's from its own numbers.
  at::manual_seed(options.model.seed + static_cast<uint64_t>(rank_));
}

StepResult FineTuning::step() {
  const uint64_t step = made_.engine->global_step();
  const model::TargetCounts targets = data_.targets(step);
  const int64_t first = rank_ * config_.accumulation_steps;
  StepResult result;
  auto start = Clock::now();
  for (int64_t i = first; i < first + config_.accumulation_steps; ++i) {
    const model::Batch batch = data_.batch(step, i * config_.micro_batch, config_.micro_batch);
    const at::Tensor loss = made_.engine->forward(batch, targets);
    result.loss += loss.item<double>();
    result.times.forward += lap(start);
    made_.engine->backward(loss);
    result.times.backward += lap(start);
    result.outcome = made_.engine->step();
    result.times.update += lap(start);
  }
  if (reduction_) result.loss = reduction_->sum(result.loss);
  return result;
}

train::CheckpointedRun FineTuning::run(const Settings& settings) {
  return {.bert = *bert_,
          .optimizer = *made_.optimizer,
          .engine = *made_.engine,
          .agreement = {settings.begin(), settings.end()},
          .reduction = reduction()};
}

void FineTuning::save(const std::filesystem::path& folder, const Settings& settings) {
  train::save_engine_checkpoint(folder, run(settings));
}

void FineTuning::load(const std::filesystem::path& folder, const Settings& settings) {
  train::load_engine_checkpoint(folder, run(settings));
}

}  // namespace apps
