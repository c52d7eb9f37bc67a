#include <filesystem>
#include <memory>

#include <gtest/gtest.h>

#include "kernels/optimizer/fused_adamw.h"
#include "tests/train/checkpoint_expectations.h"

namespace kernels {
namespace {

TEST(FusedAdamWCheckpoint, a_run_goes_on_to_the_same_bits_as_one_never_stopped) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "fused_adamw_checkpoint";
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    train::RunSetup setup{.dtype = dtype, .dropout = 0.1};
    setup.make_optimizer = [](std::vector<model::Parameter> parameters) {
      return std::make_unique<FusedAdamW>(std::move(parameters),
                                          model::AdamWOptions{.learning_rate = 0.01});
    };
    train::expect_same_bits_after_resuming(folder, setup);
    std::filesystem::remove_all(folder);
  }
}

}  // namespace
}  // namespace kernels
