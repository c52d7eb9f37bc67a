#include "train/config/optimizer_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/config/config_text.h"

namespace train {
namespace {

using testing::HasSubstr;

std::string with_optimizer(const std::string& optimizer) {
  return R"({"train_batch_size": 24, "optimizer": )" + optimizer + "}";
}

std::string error_of_params(const std::string& params) {
  return error_of(with_optimizer(R"({"type": "Adam", "params": {)" + params + "}}"));
}

TEST(OptimizerSection, every_parameter_is_read) {
  const OptimizerConfig lamb =
      parsed(with_optimizer(R"({"type": "Lamb", "params": {"lr": 11e-3, "betas": [0.8, 0.99],
                                "eps": 1e-6, "weight_decay": 0.01, "bias_correction": false,
                                "max_coeff": 0.3, "min_coeff": 0.02}})"))
          .optimizer;
  EXPECT_EQ(lamb.kind, OptimizerKind::kLamb);
  EXPECT_EQ(lamb.learning_rate, 11e-3);
  EXPECT_EQ(lamb.beta1, 0.8);
  EXPECT_EQ(lamb.beta2, 0.99);
  EXPECT_EQ(lamb.eps, 1e-6);
  EXPECT_EQ(lamb.weight_decay, 0.01);
  EXPECT_FALSE(lamb.bias_correction);
  EXPECT_EQ(lamb.max_coefficient, 0.3);
  EXPECT_EQ(lamb.min_coefficient, 0.02);
}

TEST(OptimizerSection, defaults_are_those_of_deepspeeds_optimizers) {
  const OptimizerConfig lamb = parsed(with_optimizer(R"({"type": "Lamb"})")).optimizer;
  EXPECT_EQ(lamb.learning_rate, 1e-3);
  EXPECT_EQ(lamb.beta1, 0.9);
  EXPECT_EQ(lamb.beta2, 0.999);
  EXPECT_EQ(lamb.eps, 1e-8);
  EXPECT_EQ(lamb.weight_decay, 0);
  EXPECT_TRUE(lamb.bias_correction);
  EXPECT_EQ(lamb.max_coefficient, 10);
  EXPECT_EQ(lamb.min_coefficient, 0.01);
}

TEST(OptimizerSection, types_are_read_in_upper_and_lower_case) {
  const auto kind = [](const std::string& type) {
    return parsed(with_optimizer(R"({"type": ")" + type + R"(", "params": {"lr": 1}})"))
        .optimizer.kind;
  };
  EXPECT_EQ(kind("adam"), OptimizerKind::kAdam);
  EXPECT_EQ(kind("AdamW"), OptimizerKind::kAdamW);
  EXPECT_EQ(kind("ADAMW"), OptimizerKind::kAdamW);
  EXPECT_EQ(kind("lamb"), OptimizerKind::kLamb);
}

TEST(OptimizerSection, other_types_are_refused) {
  EXPECT_EQ(error_of(with_optimizer(R"({"type": "OnebitAdam", "params": {"lr": 3e-5}})")),
            "c.json: /optimizer/type: optimizer \"OnebitAdam\" is not supported; give \"Adam\", "
            "\"AdamW\" or \"Lamb\"");
  EXPECT_THAT(error_of(with_optimizer(R"({"type": 7})")), HasSubstr("/optimizer/type: expected"));
  EXPECT_EQ(error_of(with_optimizer(R"({"params": {}})")),
            "c.json: /optimizer: the key \"type\" is missing");
  EXPECT_THAT(error_of(with_optimizer(R"("Adam")")), HasSubstr("/optimizer: expected an object"));
  EXPECT_THAT(error_of(with_optimizer(R"({"type": "Adam", "params": []})")),
              HasSubstr("/optimizer/params: expected an object"));
}

TEST(OptimizerSection, parameters_that_cannot_be_used_are_placed) {
  for (const char* value : {"-1", "\"3e-5\"", "null", "[1]", "1e300"}) {
    EXPECT_THAT(error_of_params(std::string("\"lr\": ") + value),
                HasSubstr("c.json: /optimizer/params/lr: expected a number"))
        << value;
  }
  EXPECT_THAT(error_of_params(R"("eps": 0)"), HasSubstr("/eps: expected a number above 0"));
  EXPECT_THAT(error_of_params(R"("weight_decay": -0.1)"), HasSubstr("/weight_decay: expected"));
  EXPECT_THAT(error_of_params(R"("bias_correction": 0)"), HasSubstr("true or false"));
  EXPECT_THAT(error_of_params(R"("betas": [0.9])"), HasSubstr("/betas: expected two numbers"));
  EXPECT_THAT(error_of_params(R"("betas": 0.9)"), HasSubstr("/betas: expected an array"));
  EXPECT_THAT(error_of_params(R"("betas": [0.9, 1])"), HasSubstr("/betas/1: expected a number of"));
  EXPECT_THAT(error_of_params(R"("betas": [-0.1, 0.9])"), HasSubstr("/betas/0: expected a number"));
}

TEST(OptimizerSection, parameters_of_another_type_are_refused) {
  EXPECT_EQ(error_of_params(R"("max_coeff": 10)"),
            "c.json: /optimizer/params/max_coeff: only Lamb has it; remove it");
  EXPECT_THAT(error_of_params(R"("min_coeff": 0.01)"), HasSubstr("/min_coeff: only Lamb"));
  const auto lamb = [](const std::string& params) {
    return error_of(with_optimizer(R"({"type": "Lamb", "params": {)" + params + "}}"));
  };
  EXPECT_EQ(lamb(R"("max_coeff": 0.1, "min_coeff": 0.2)"),
            "c.json: /optimizer/params: min_coeff 0.2 is larger than max_coeff 0.1; give a smaller "
            "one");
  EXPECT_THAT(lamb(R"("adam_w_mode": true)"), HasSubstr("/adam_w_mode: only Adam has it"));
}

TEST(OptimizerSection, decay_is_decoupled) {
  EXPECT_EQ(error_of_params(R"("adam_w_mode": true)"), "no error");
  EXPECT_THAT(error_of_params(R"("adam_w_mode": false)"),
              HasSubstr("/adam_w_mode: weight decay as a part of the gradient is not supported"));
}

}  // namespace
}  // namespace train
