#pragma once

#include <cmath>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "tests/train/engine_run.h"
#include "train/engine_checkpoint.h"

namespace train {

/// That a run saved after three steps, and loaded into one that starts from other weights and has
/// made a step of its own, has the losses and the weights of one that never stopped, to the bit.
/// With a schedule, and a loss scale that has just been halved by an overflow.
inline void expect_same_bits_after_resuming(const std::filesystem::path& folder,
                                            const RunSetup& setup) {
  LossScaleConfig scale;
  scale.initial = std::ldexp(1, 200);
  scale.hysteresis = 1;
  const EngineOptions options{.micro_batch = 2,
                              .accumulation_steps = 2,
                              .schedule = WarmupLinearSchedule{.maximum = 0.01, .total_steps = 20},
                              .loss_scale = scale};
  std::filesystem::create_directories(folder);
  EngineRun run(options, setup);
  const CheckpointedRun saved{run.bert, *run.optimizer, run.engine};
  ASSERT_EQ(run.step(), StepOutcome::kOverflowed);
  EngineState state = run.engine.state();
  state.loss_scale->scale = 1024;
  run.engine.restore(state);
  for (int step = 0; step < 2; ++step) ASSERT_EQ(run.step(), StepOutcome::kUpdated);
  save_engine_checkpoint(folder, saved);
  std::vector<double> losses;
  for (int step = 0; step < 3; ++step) {
    run.step();
    losses.push_back(run.loss);
  }

  EngineRun resumed(options, setup);
  tiny::randomize(resumed.bert, 2);
  resumed.engine.restore(state);
  ASSERT_EQ(resumed.step(), StepOutcome::kUpdated);
  load_engine_checkpoint(folder, {resumed.bert, *resumed.optimizer, resumed.engine});
  for (const double loss : losses) {
    ASSERT_EQ(resumed.step(), StepOutcome::kUpdated);
    EXPECT_EQ(resumed.loss, loss);
  }
  EXPECT_TRUE(same_bits(resumed.snapshot(), run.snapshot()));
  EXPECT_EQ(resumed.engine.state(), run.engine.state());
}

}  // namespace train
