#include "worker/cuda/nvtx_ranges.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/record_function.h>
#include <dlfcn.h>
#include <gtest/gtest.h>

#include "baseline/implementations.h"
#include "tests/worker/cuda/recorded_ranges.h"
#include "tests/worker/test_cells.h"
#include "train/optimizer.h"
#include "worker/measure/phase_reporter.h"
#include "worker/memory/ledger.h"
#include "worker/training_run.h"

namespace worker {
namespace {

/// A range that a profiler saw, with those around it on its thread, outermost first.
struct Range {
  std::string name;
  std::vector<std::string> around;
  uint64_t thread;
};

struct Seen {
  std::vector<Range> ranges;  ///< in the order in which they began
  size_t open = 0;            ///< that have not ended
};

/// What the profiler was told since the last call. NVTX reads the variable at its first call.
Seen seen() {
  static void* const library = dlopen(NVTX_PROFILER, RTLD_NOW);
  if (library == nullptr) throw std::runtime_error(dlerror());
  static const auto calls = reinterpret_cast<VisitCalls>(dlsym(library, "nvtx_profiler_calls"));
  struct State {
    Seen seen;
    std::map<uint64_t, std::vector<std::string>> open;
  } state;
  calls(
      [](void* context, const RangeCall& call) {
        auto& [all, open] = *static_cast<State*>(context);
        EXPECT_STREQ(call.domain, "bench_worker");
        auto& stack = open[call.thread];
        if (call.name != nullptr) {
          all.ranges.push_back({call.name, stack, call.thread});
          stack.emplace_back(call.name);
        } else if (stack.empty()) {
          ADD_FAILURE() << "an end without a begin";
        } else {
          stack.pop_back();
        }
      },
      &state);
  for (const auto& [thread, stack] : state.open) state.seen.open += stack.size();
  return state.seen;
}

/// Before NVTX is called for the first time, which settles whether a tool is attached.
const bool attached = setenv("NVTX_INJECTION64_PATH", NVTX_PROFILER, 1) == 0;

std::vector<Range> named(const Seen& all, const std::string& name) {
  std::vector<Range> found;
  std::copy_if(all.ranges.begin(), all.ranges.end(), std::back_inserter(found),
               [&](const Range& range) { return range.name == name; });
  return found;
}

std::vector<std::string> phases_of(const Seen& all) {
  std::vector<std::string> names;
  for (const Range& range : all.ranges) {
    const bool is_phase =
        range.name == "forward" || range.name == "backward" || range.name == "optimizer";
    if (!is_phase) continue;
    EXPECT_TRUE(range.around.empty()) << range.name << " in " << range.around.back();
    names.push_back(range.name);
  }
  return names;
}

/// Without the fused layer, whose kernels this program would need.
model::Registry small_registry() {
  const auto make_adamw = [](std::vector<model::Parameter> parameters,
                             const model::AdamWOptions& options) {
    return std::make_unique<train::AdamW>(std::move(parameters), options);
  };
  return {{baseline::pytorch_eager()}, {{"adamw", make_adamw}}, {}};
}

/// One step of a small cell; the phases are told to a reporter as the worker's are.
void train_a_step() {
  const auto cell = small_cell("pytorch_eager");
  Ledger ledger;
  PhaseReporter phases(ledger);
  TrainingRun training(cell, small_registry(), {at::kCPU, PlannedDevice::kCpu, 1}, phases);
  training.step(0);
}

TEST(NvtxRanges, of_a_step_are_its_phases_layers_nodes_and_operators) {
  ASSERT_TRUE(attached);
  train_a_step();
  const Seen all = seen();
  EXPECT_EQ(all.open, 0U);
  EXPECT_EQ(phases_of(all), (std::vector<std::string>{"forward", "backward", "optimizer"}));
  const auto layers = named(all, "layer 1");
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].around, std::vector<std::string>{"forward"});
  const auto products = named(all, "aten::addmm");
  EXPECT_TRUE(std::any_of(products.begin(), products.end(), [](const Range& range) {
    return range.around == std::vector<std::string>{"forward", "layer 0", "aten::linear"};
  }));
  const auto nodes = named(all, "AddmmBackward0");
  ASSERT_FALSE(nodes.empty());
  EXPECT_EQ(nodes[0].around, std::vector<std::string>{"backward"}) << "the CPU's nodes run here";
}

TEST(NvtxRanges, are_closed_where_a_step_throws) {
  Ledger ledger;
  EXPECT_THROW(
      {
        PhaseReporter phases(ledger);
        phases.enter(train::Phase::kForward);
        RECORD_USER_SCOPE("layer 0");
        at::mm(at::ones({3, 4}), at::ones({3, 4}));
      },
      c10::Error);
  const Seen all = seen();
  EXPECT_EQ(all.open, 0U);
  const auto products = named(all, "aten::mm");
  ASSERT_EQ(products.size(), 1U);
  EXPECT_EQ(products[0].around, (std::vector<std::string>{"forward", "layer 0"}));
}

TEST(NvtxRanges, of_what_outlives_them_are_closed) {
  Ledger ledger;
  auto phases = std::make_unique<PhaseReporter>(ledger);
  {
    RECORD_USER_SCOPE("layer 0");
    phases.reset();
  }
  const Seen all = seen();
  EXPECT_EQ(named(all, "layer 0").size(), 1U);
  EXPECT_EQ(all.open, 0U);
}

TEST(NvtxRanges, are_announced_while_a_run_lasts_alone) {
  train_a_step();
  EXPECT_FALSE(seen().ranges.empty());
  at::ones({2}).sum();
  EXPECT_TRUE(seen().ranges.empty());
}

}  // namespace
}  // namespace worker
