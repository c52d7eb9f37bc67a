// Steps that a CUDA graph plays beside the same steps queued one by one, on a device.

#include <vector>

#include <gtest/gtest.h>

#include "apps/registry.h"
#include "tests/worker/test_cells.h"
#include "train/phase_observer.h"
#include "worker/cell_model.h"
#include "worker/device/devices.h"
#include "worker/measure/measure_cell.h"
#include "worker/training_run.h"

namespace worker {
namespace {

struct NoObserver : train::PhaseObserver {
  void enter(train::Phase /*phase*/) override {}
};

harness::Cell cuda_cell(const std::string& implementation, const std::string& precision,
                        std::vector<std::string> flags = {}) {
  auto cell = small_cell(implementation);
  cell.device.kind = "cuda";
  cell.precision = precision;
  cell.flags = std::move(flags);
  cell.global_batch = 4;  // two micro-batches
  cell.measure.warmup_steps = 2;
  return cell;
}

constexpr uint64_t kSteps = 6;

/// The losses of the first steps of a cell; the gradients of all matter to those that follow.
std::vector<double> losses(const harness::Cell& cell, bool recorded) {
  Device& device = device_of("cuda");
  device.begin_run({});
  const auto recorder = recorded ? device.make_recorder() : nullptr;
  NoObserver observer;
  TrainingRun training(cell, apps::registry(),
                       {device.torch_device(), device.kind(), cell.accumulation_steps()}, observer,
                       {}, recorder.get());
  std::vector<double> losses;
  for (uint64_t step = 0; step < kSteps; ++step) {
    losses.push_back(training.step(step).item<double>());
  }
  return losses;
}

TEST(RecordedStep, has_the_bits_of_the_step_that_is_not_recorded) {
  using Flags = std::vector<std::string>;
  for (const char* const precision : {"fp32", "fp16", "bf16"}) {
    for (const Flags& flags :
         {Flags{}, Flags{"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint"},
          Flags{"flash_attention", "normalize_invertible", "gelu_checkpoint"}}) {
      const auto cell = cuda_cell("fused", precision, flags);
      SCOPED_TRACE(cell.flags_text() + " " + precision);
      EXPECT_EQ(losses(cell, true), losses(cell, false));
    }
  }
}

TEST(RecordedStep, of_libtorchs_layers_has_their_losses) {
  for (const char* const implementation : {"pytorch_eager", "pytorch_tuned"}) {
    auto cell = cuda_cell(implementation, "fp32");
    // Played work draws other numbers for dropout than work that is queued.
    cell.model.attention_dropout = 0;
    cell.model.hidden_dropout = 0;
    const auto recorded = losses(cell, true);
    const auto plain = losses(cell, false);
    for (size_t i = 0; i < plain.size(); ++i) {
      EXPECT_NEAR(recorded[i], plain[i], 1e-4) << implementation << " step " << i;
    }
  }
}

TEST(RecordedStep, is_what_a_cell_with_cuda_graph_measures) {
  for (const char* const implementation : {"pytorch_eager", "pytorch_tuned", "fused"}) {
    auto cell = cuda_cell(implementation, "bf16");
    cell.measure.cuda_graph = true;
    cell.measure.steps = 3;
    const auto record = measure_cell({cell, 0, "again"}, apps::registry());
    EXPECT_EQ(record.status, harness::Status::kPassed) << implementation << ": " << record.reason;
    EXPECT_EQ(record.samples.size(), 3U);
  }
}

}  // namespace
}  // namespace worker
