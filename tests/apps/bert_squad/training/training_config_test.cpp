#include "apps/bert_squad/training/training_config.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/harness_error.h"
#include "json/error.h"

namespace apps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class TrainingConfig : public testing::Test {
 protected:
  TrainingConfig() {
    options_.config = std::string(BENCH_SOURCE_DIR) + "/configs/deepspeed_bsz24_config.json";
  }
  ~TrainingConfig() override { std::filesystem::remove(file_); }

  /// Trains by a file with `text`.
  void configure(const std::string& text) {
    std::ofstream(file_) << text;
    options_.config = file_;
  }

  std::string refusal(int64_t processes = 1) {
    try {
      training_config(options_, processes);
    } catch (const harness::UsageError& error) {
      return error.what();
    }
    return "";
  }

  const train::WarmupLinearSchedule& linear(const train::EngineConfig& config) {
    return std::get<train::WarmupLinearSchedule>(*config.schedule);
  }

  std::filesystem::path file_ = std::filesystem::temp_directory_path() /
                                ("training_config_test." + std::to_string(::getpid()) + ".json");
  TrainOptions options_;
};

TEST_F(TrainingConfig, the_published_file_gives_the_published_training) {
  const train::EngineConfig config = training_config(options_, 1);
  EXPECT_EQ(config.global_batch, 24);
  EXPECT_EQ(config.micro_batch, 3);
  EXPECT_EQ(config.accumulation_steps, 8);
  EXPECT_EQ(config.max_gradient_norm, 1.0);
  EXPECT_EQ(config.optimizer.weight_decay, 0);
  EXPECT_FALSE(config.optimizer.bias_correction);
  EXPECT_EQ(linear(config).maximum, 3e-5);
  EXPECT_EQ(linear(config).warmup_proportion, 0.1);
  EXPECT_EQ(options_.model.precision, "fp16");
  EXPECT_EQ(options_.epochs, 2);
}

TEST_F(TrainingConfig, without_a_file_the_published_one_trains_in_any_folder) {
  const train::EngineConfig from_file = training_config(options_, 1);
  options_.config.clear();
  const train::EngineConfig config = training_config(options_, 1);
  EXPECT_EQ(config.global_batch, from_file.global_batch);
  EXPECT_EQ(config.micro_batch, from_file.micro_batch);
  EXPECT_EQ(config.precision, from_file.precision);
  EXPECT_EQ(linear(config).maximum, linear(from_file).maximum);
  options_.micro_batch = 7;
  try {
    training_config(options_, 1);
    ADD_FAILURE() << "24 is no multiple of 7";
  } catch (const json::Error& error) {
    EXPECT_THAT(error.what(), StartsWith("the built-in deepspeed_bsz24_config.json: "));
  }
}

TEST_F(TrainingConfig, the_command_line_comes_before_the_file) {
  options_.global_batch = 32;
  options_.micro_batch = 4;
  options_.learning_rate = 1e-4;
  options_.warmup_proportion = 0.2;
  options_.print_steps = 7;
  options_.model.precision = "bf16";
  const train::EngineConfig config = training_config(options_, 2);
  EXPECT_EQ(config.global_batch, 32);
  EXPECT_EQ(config.accumulation_steps, 4);
  EXPECT_EQ(linear(config).maximum, 1e-4);
  EXPECT_EQ(linear(config).warmup_proportion, 0.2);
  EXPECT_EQ(config.steps_per_print, 7);
  EXPECT_EQ(config.precision, train::Precision::kBf16);
}

TEST_F(TrainingConfig, flags_of_file_and_command_line_come_together) {
  configure(R"({"train_batch_size": 2, "optimizer": {"type": "Adam", "params": {"lr": 1e-5}},
                "transformer_kernel": {"gelu_checkpoint": true}})");
  options_.model.implementation = "fused";
  options_.model.flags = {"remove_padding", "normalize_invertible"};
  training_config(options_, 1);
  EXPECT_THAT(options_.model.flags,
              ElementsAre("normalize_invertible", "gelu_checkpoint", "remove_padding"));
}

TEST_F(TrainingConfig, a_micro_batch_of_the_command_line_fits_processes_that_the_files_does_not) {
  EXPECT_THROW(training_config(options_, 6), json::Error);
  options_.micro_batch = 4;
  const train::EngineConfig config = training_config(options_, 6);
  EXPECT_EQ(config.global_batch, 24);
  EXPECT_EQ(config.micro_batch, 4);
  EXPECT_EQ(config.accumulation_steps, 1);
}

TEST_F(TrainingConfig, stochastic_mode_must_be_allowed) {
  options_.model.implementation = "fused";
  options_.model.flags = {"stochastic_mode"};
  EXPECT_THAT(refusal(), HasSubstr("--allow_stochastic_mode"));
  options_.allow_stochastic_mode = true;
  EXPECT_EQ(refusal(), "");
}

TEST_F(TrainingConfig, a_scheduler_of_the_file_is_not_contradicted) {
  configure(R"({"train_batch_size": 2, "optimizer": {"type": "Adam", "params": {"lr": 1e-5}},
                "scheduler": {"type": "WarmupLR", "params": {"warmup_max_lr": 1e-4}}})");
  EXPECT_TRUE(
      std::holds_alternative<train::WarmupSchedule>(*training_config(options_, 1).schedule));
  options_.learning_rate = 1e-4;
  EXPECT_THAT(refusal(), HasSubstr("has a scheduler"));
}

TEST(TotalSteps, round_up_and_count_every_window) {
  EXPECT_EQ(total_steps(12032, 2, 24), 1003);
  EXPECT_EQ(total_steps(48, 2, 24), 4);
  EXPECT_EQ(total_steps(49, 2, 24), 5);
  EXPECT_EQ(total_steps(1, 0.001, 24), 1);
}

}  // namespace
}  // namespace apps
