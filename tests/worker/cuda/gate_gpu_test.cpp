// The correctness gate on a CUDA device: CTest's label gpu.

#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "apps/registry.h"
#include "tests/worker/every_flag_set.h"
#include "tests/worker/test_cells.h"
#include "worker/check/check_cell.h"

namespace worker {
namespace {

using Variant = std::tuple<std::string, std::string>;

/// By precision and placement of LayerNorm.
class GateOnGpu : public testing::TestWithParam<Variant> {};

TEST_P(GateOnGpu, every_implementation_passes_with_every_flag_set) {
  const auto registry = apps::registry();
  for (const auto& implementation : apps::catalog().implementations) {
    for (const auto& flags : every_flag_set(implementation)) {
      for (const char* const gelu : {"erf", "tanh"}) {
        auto cell = small_cell(implementation.name);
        cell.device.kind = "cuda";
        cell.flags = flags;
        cell.model.gelu = gelu;
        std::tie(cell.precision, cell.model.layer_norm) = GetParam();
        const auto result = check_cell(cell, registry, "pytorch_eager");
        EXPECT_EQ(result.status, harness::Status::kPassed)
            << cell.implementation << " " << cell.flags_text() << " " << gelu << ": "
            << result.reason;
        // Loss, logits and gradients, with dropout and without.
        EXPECT_EQ(result.tensors, 2 * (cell.model.layer_norm == "post" ? 41 : 43));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(all, GateOnGpu,
                         testing::Combine(testing::Values("fp32", "fp16", "bf16"),
                                          testing::Values("post", "pre")),
                         [](const auto& instance) {
                           return std::get<0>(instance.param) + "_" + std::get<1>(instance.param);
                         });

}  // namespace
}  // namespace worker
