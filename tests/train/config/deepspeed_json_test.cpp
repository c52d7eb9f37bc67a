#include "train/config/deepspeed_json.h"

#include <filesystem>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/config/config_text.h"

namespace train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(DeepspeedJson, the_published_configuration_is_read) {
  const EngineConfig config = read_deepspeed_config(
      std::filesystem::path(BENCH_SOURCE_DIR) / "configs/deepspeed_bsz24_config.json", 2,
      kKernelFlags);
  EXPECT_EQ(config.global_batch, 24);
  EXPECT_EQ(config.micro_batch, 3);
  EXPECT_EQ(config.accumulation_steps, 4);
  EXPECT_EQ(config.optimizer.kind, OptimizerKind::kAdam);
  EXPECT_EQ(config.optimizer.learning_rate, 3e-5);
  EXPECT_EQ(config.optimizer.weight_decay, 0);
  EXPECT_FALSE(config.optimizer.bias_correction);
  EXPECT_EQ(config.max_gradient_norm, 1.0);
  EXPECT_EQ(config.precision, Precision::kFp16);
  EXPECT_EQ(config.loss_scale.fixed, std::nullopt);
  EXPECT_EQ(config.loss_scale.initial, 65536);
  EXPECT_EQ(config.steps_per_print, 10);
  EXPECT_FALSE(config.schedule.has_value());
}

TEST(DeepspeedJson, what_is_not_given_has_its_default) {
  const EngineConfig config = parsed(R"({"train_batch_size": 24, "optimizer": {"type": "Adam"}})");
  EXPECT_EQ(config.micro_batch, 24);
  EXPECT_EQ(config.accumulation_steps, 1);
  EXPECT_EQ(config.optimizer.learning_rate, 1e-3);
  EXPECT_TRUE(config.optimizer.bias_correction);
  EXPECT_EQ(config.max_gradient_norm, std::nullopt);
  EXPECT_EQ(config.precision, Precision::kFp32);
  EXPECT_EQ(config.steps_per_print, 10);
  EXPECT_FALSE(config.wall_clock_breakdown);
  EXPECT_EQ(config.zero_stage, 0);
  EXPECT_THAT(config.kernel_flags, ElementsAre());
}

TEST(DeepspeedJson, single_values_are_read) {
  EXPECT_EQ(parsed(with(R"("gradient_clipping": 0)")).max_gradient_norm, std::nullopt);
  EXPECT_EQ(parsed(with(R"("gradient_clipping": 0.5)")).max_gradient_norm, 0.5);
  EXPECT_EQ(parsed(with(R"("steps_per_print": 2000)")).steps_per_print, 2000);
  EXPECT_TRUE(parsed(with(R"("wall_clock_breakdown": true)")).wall_clock_breakdown);
  EXPECT_EQ(parsed(with(R"("zero_optimization": {"stage": 1})")).zero_stage, 1);
  EXPECT_EQ(parsed(with(R"("zero_optimization": {})")).zero_stage, 0);
}

TEST(DeepspeedJson, the_fused_layers_flags_are_those_that_are_true) {
  EXPECT_THAT(parsed(with(R"("transformer_kernel": {"gelu_checkpoint": true,
                                                    "normalize_invertible": false})"))
                  .kernel_flags,
              ElementsAre("gelu_checkpoint"));
  EXPECT_EQ(error_of(with(R"("transformer_kernel": {"gelu_checkpoint": 1})")),
            "c.json: /transformer_kernel/gelu_checkpoint: expected true or false, found 1");
  EXPECT_EQ(error_of(with(R"("transformer_kernel": ["gelu_checkpoint"])")),
            "c.json: /transformer_kernel: expected an object, found array");
}

TEST(DeepspeedJson, all_keys_that_are_not_supported_are_named_at_once) {
  EXPECT_EQ(error_of(R"({"train_batch": 24, "amp": {"enabled": true},
                         "optimizer": {"type": "Adam", "legacy_fusion": 1,
                                       "params": {"max_grad_norm": 1.0, "lr": "x"}},
                         "scheduler": {"params": {"cycle_min_lr": 0}},
                         "fp16": {"fp16_master_weights_and_grads": false},
                         "bf16": {"immediate_grad_update": true},
                         "zero_optimization": {"stage": 9, "offload_optimizer": {}},
                         "transformer_kernel": {"gelu": true, "a\nb": true}})"),
            "c.json: keys that are not supported: /amp, /train_batch, /optimizer/legacy_fusion, "
            "/optimizer/params/max_grad_norm, /scheduler/params/cycle_min_lr, "
            "/fp16/fp16_master_weights_and_grads, /bf16/immediate_grad_update, "
            "/zero_optimization/offload_optimizer, /transformer_kernel/a\\nb, "
            "/transformer_kernel/gelu; remove them (docs/deepspeed_config.md lists those that "
            "are)");
  std::string many = R"("k0": 0)";
  for (int i = 1; i < 1000; ++i) many += ", \"k" + std::to_string(i) + "\": 0";
  EXPECT_THAT(error_of(with(many)), HasSubstr(" and 950 more; remove them"));
}

TEST(DeepspeedJson, values_that_cannot_be_used_are_placed) {
  EXPECT_EQ(error_of(with(R"("gradient_clipping": -1)")),
            "c.json: /gradient_clipping: expected a number of at least 0 and within fp32's range, "
            "found -1");
  EXPECT_EQ(error_of(with(R"("gradient_clipping": "auto")")),
            "c.json: /gradient_clipping: expected a number, found \"auto\"");
  EXPECT_THAT(error_of(with(R"("gradient_clipping": 1e39)")), HasSubstr("within fp32's range"));
  EXPECT_THAT(error_of(with(R"("steps_per_print": 0)")), HasSubstr("/steps_per_print: expected"));
  EXPECT_THAT(error_of(with(R"("steps_per_print": 2.5)")), HasSubstr("found 2.5"));
  EXPECT_THAT(error_of(with(R"("wall_clock_breakdown": "false")")),
              HasSubstr("/wall_clock_breakdown: expected true or false"));
  EXPECT_THAT(error_of(with(R"("zero_optimization": {"stage": 2})")),
              HasSubstr("/zero_optimization/stage: stage 2 is not supported; give 0, or 1"));
  EXPECT_THAT(error_of(with(R"("zero_optimization": true)")),
              HasSubstr("/zero_optimization: expected an object"));
  EXPECT_EQ(error_of(R"({"train_batch_size": 24})"), "c.json: the key \"optimizer\" is missing");
}

TEST(DeepspeedJson, zero_goes_with_every_optimizer_but_lamb) {
  EXPECT_THAT(error_of(R"({"train_batch_size": 24, "optimizer": {"type": "Lamb"},
                           "zero_optimization": {"stage": 1}})"),
              HasSubstr("c.json: /zero_optimization/stage: Lamb's step depends on a whole"));
  EXPECT_EQ(parsed(R"({"train_batch_size": 24, "optimizer": {"type": "Lamb"},
                       "zero_optimization": {"stage": 0}})")
                .zero_stage,
            0);
}

TEST(DeepspeedJson, text_that_is_not_strict_json_is_refused) {
  EXPECT_EQ(error_of("[]"), "c.json: expected an object, found array");
  EXPECT_THAT(error_of("{\"train_batch_size\": 24, # comment\n}"), HasSubstr("c.json:1:26: not"));
  EXPECT_THAT(error_of(with(R"("gradient_clipping": NaN)")), HasSubstr("not JSON"));
  EXPECT_THAT(error_of(with(R"("gradient_clipping": 1e999)")),
              HasSubstr("out of a double's range"));
  EXPECT_EQ(error_of(with(R"("train_batch_size": 3)")),
            "c.json: the key \"train_batch_size\" is given twice in one object; keep one of them");
}

TEST(DeepspeedJson, files_and_process_counts_are_checked) {
  EXPECT_THROW(read_deepspeed_config("no/such/config.json", 1, kKernelFlags), files::FileError);
  for (const int64_t processes : {int64_t{0}, int64_t{-1}, int64_t{1000001}}) {
    EXPECT_THROW(parse_deepspeed_config(with(R"("steps_per_print": 1)"), "c.json", processes, {}),
                 std::invalid_argument);
  }
}

}  // namespace
}  // namespace train
