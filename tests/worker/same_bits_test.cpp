// The same cell trained twice, from weights to the last step: on the device that TEST_DEVICE names.
// Compiled for the CPU and for CUDA (CTest's label gpu).

#include <cmath>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "tests/worker/test_cells.h"
#include "worker/device/devices.h"
#include "worker/support.h"
#include "worker/training_run.h"

namespace worker {
namespace {

constexpr uint64_t kSteps = 6;

/// The loss of each step.
std::vector<double> losses(const harness::Cell& cell) {
  at::set_num_threads(2);
  auto& device = device_of(cell.device.kind);
  device.begin_run({});
  const RunPlace place{device.torch_device(), device.kind(), cell.accumulation_steps()};
  const auto registry = apps::registry();
  TrainingRun run(cell, registry, place, device.ledger());
  std::vector<double> result;
  for (uint64_t i = 0; i < kSteps; ++i) result.push_back(run.step(i).item<double>());
  return result;
}

struct Variant {
  std::string precision;
  std::vector<std::string> flags;
  std::string optimizer;
};

class SameBits : public testing::TestWithParam<Variant> {};

TEST_P(SameBits, train_the_same_cell_twice) {
  auto cell = small_cell("fused");
  cell.device.kind = TEST_DEVICE;
  const auto status = device_status(cell.device.kind);
  ASSERT_TRUE(status.available) << status.reason;
  cell.precision = GetParam().precision;
  cell.flags = GetParam().flags;
  cell.optimizer = GetParam().optimizer;
  cell.model.attention_dropout = cell.model.hidden_dropout = 0.1;
  cell.global_batch = 4;
  const auto first = losses(cell);
  for (const double loss : first) EXPECT_TRUE(std::isfinite(loss));
  EXPECT_NE(first.front(), first.back());
  EXPECT_EQ(first, losses(cell));
  ++cell.measure.seed;
  EXPECT_NE(first, losses(cell));
}

std::vector<Variant> variants() {
  std::vector<std::string> precisions = {"fp32", "bf16"};
  if (std::string(TEST_DEVICE) == "cuda") precisions.push_back("fp16");
  std::vector<Variant> result;
  for (const auto& precision : precisions) {
    for (const char* const optimizer : {"adamw", "fused_adamw"}) {
      result.push_back({precision, {}, optimizer});
      result.push_back({precision, {"flash_attention", "remove_padding"}, optimizer});
      result.push_back({precision,
                        {"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint"},
                        optimizer});
    }
  }
  return result;
}

INSTANTIATE_TEST_SUITE_P(all, SameBits, testing::ValuesIn(variants()), [](const auto& instance) {
  std::string name = instance.param.precision + "_" + instance.param.optimizer;
  for (const auto& flag : instance.param.flags) name += "_" + flag;
  return name;
});

}  // namespace
}  // namespace worker
