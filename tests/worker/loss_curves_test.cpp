// Whole training runs of the fused implementation against the eager one: the same weights at first,
// the same windows and the same dropout masks.

#include <algorithm>
#include <cmath>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "model/window_file.h"
#include "tests/worker/test_cells.h"
#include "train/training_step.h"
#include "worker/cell_model.h"
#include "worker/training_run.h"

namespace worker {
namespace {

constexpr uint64_t kSteps = 20;

struct Silent : train::PhaseObserver {
  void enter(train::Phase) override {}
};

/// The losses of 20 steps of 8 windows in micro-batches of 4, by the implementation's own
/// optimizer.
std::vector<double> loss_curve(const std::string& implementation, const char* optimizer_name,
                               const std::string& precision, uint64_t dropout_seed,
                               int threads = 1) {
  at::set_num_threads(threads);
  harness::Cell cell = small_cell(implementation);
  cell.precision = precision;
  cell.model.attention_dropout = cell.model.hidden_dropout = 0.1;
  const auto registry = apps::registry();
  model::BertForSquad bert(bert_config(cell.model), implementation_of(cell, registry),
                           bert_options(cell, at::kCPU));
  bert.initialize(1);
  const model::WindowDataset data(model::read_window_file(test_windows()),
                                  {.sequence_length = cell.sequence_length,
                                   .sequences_per_step = 8,
                                   .activations = at::TensorOptions(dtype_of(precision))});
  const auto dropout = registry.make_keyed_dropout();
  const auto optimizer =
      registry.find_optimizer(optimizer_name)->make(bert.parameters(), {.learning_rate = 5e-4});
  Silent observer;
  train::TrainingStep step(
      bert, data, *dropout, *optimizer, observer,
      {.micro_batch = 4, .accumulation_steps = 2, .dropout_seed = dropout_seed});
  std::vector<double> losses;
  for (uint64_t i = 0; i < kSteps; ++i) losses.push_back(step.run(i).item<double>());
  return losses;
}

double largest_difference(const std::vector<double>& some, const std::vector<double>& others) {
  double largest = 0;
  for (size_t i = 0; i < some.size(); ++i) {
    largest = std::max(largest, std::abs(some[i] - others[i]));
  }
  return largest;
}

TEST(LossCurves, of_one_and_of_several_threads_stay_within_the_same_band) {
  for (const auto& [implementation, optimizer] :
       {std::pair("pytorch_eager", "adamw"), std::pair("pytorch_tuned", "adamw"),
        std::pair("fused", "fused_adamw")}) {
    for (const auto& [precision, band] : {std::pair("fp32", 1e-5), std::pair("bf16", 1e-2)}) {
      const auto one = loss_curve(implementation, optimizer, precision, 1, 1);
      const auto three = loss_curve(implementation, optimizer, precision, 1, 3);
      EXPECT_LT(largest_difference(one, three), band) << implementation << " " << precision;
      // The same threads give the same bits.
      EXPECT_EQ(loss_curve(implementation, optimizer, precision, 1, 3), three)
          << implementation << " " << precision;
    }
  }
}

/// The band that docs/architecture.md states.
TEST(LossCurves, of_fused_and_eager_stay_within_a_band_with_shared_dropout_masks) {
  for (const auto& [precision, band] : {std::pair("fp32", 1e-5), std::pair("bf16", 1e-2)}) {
    const auto eager = loss_curve("pytorch_eager", "adamw", precision, 1);
    const auto fused = loss_curve("fused", "fused_adamw", precision, 1);
    const double difference = largest_difference(fused, eager);
    EXPECT_LT(difference, band) << precision;
    // It learns, and other masks lead elsewhere.
    EXPECT_LT(eager.back(), eager.front() - 0.2);
    const auto other = loss_curve("pytorch_eager", "adamw", precision, 2);
    EXPECT_GT(largest_difference(other, eager), 2 * band) << precision;
  }
}

}  // namespace
}  // namespace worker
