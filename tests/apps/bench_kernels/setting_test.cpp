#include "apps/bench_kernels/setting.h"

#include <set>

#include <gtest/gtest.h>

#include "apps/bench_kernels/tensors.h"
#include "apps/bench_kernels/window_lengths.h"

namespace apps {
namespace {

TEST(Settings, are_every_model_in_every_precision_on_the_device) {
  const at::Device gpu(at::kCUDA, 0);
  std::set<std::string> names;
  for (const Setting& setting : settings(384, gpu, {at::kFloat, at::kHalf, at::kBFloat16})) {
    names.insert(setting.model + "/" + setting.precision());
    EXPECT_EQ(setting.device, gpu);
    EXPECT_EQ(setting.sequence, 384);
    EXPECT_EQ(static_cast<int64_t>(window_lengths(setting.batch, 384).size()), setting.batch);
  }
  EXPECT_EQ(names.size(), 9U);
  EXPECT_TRUE(names.contains("bert-large/fp16"));
}

TEST(Settings, of_the_cpu_have_the_micro_batches_of_its_sweeps) {
  for (const Setting& setting : settings(384, at::kCPU, {at::kFloat})) {
    EXPECT_EQ(setting.batch, setting.model == "minilm-l6" ? 8 : 4);
  }
}

TEST(RandomTensors, have_the_same_values_in_every_precision) {
  Setting setting;
  const auto draw = [&](at::ScalarType dtype) {
    setting.dtype = dtype;
    return RandomTensors(setting)({1000, 1000}).to(at::kDouble);
  };
  const at::Tensor floats = draw(at::kFloat);
  EXPECT_TRUE(draw(at::kHalf).equal(floats));
  EXPECT_TRUE(draw(at::kBFloat16).equal(floats));
  EXPECT_NEAR(floats.std().item<double>(), 1, 0.01);
}

}  // namespace
}  // namespace apps
