#include <cmath>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/deepspeed_config.h"
#include "reports/text_table.h"
#include "reports/tuning_json.h"
#include "reports/tuning_markdown.h"
#include "reports/tuning_terminal.h"
#include "reports/tuning_text.h"
#include "tests/harness/tuning/tuning_cells.h"
#include "train/config/deepspeed_json.h"

namespace reports {
namespace {

using harness::TunedCandidate;
using harness::tuning_cell;
using harness::TuningEnd;
using harness::TuningResult;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A candidate with `rounds` rounds of which the median has this rate; its interval is 1 % wide to
/// both sides.
TunedCandidate candidate(const harness::Cell& cell, double rate, std::size_t rounds) {
  TunedCandidate result;
  result.cell = cell;
  for (std::size_t i = 0; i < rounds; ++i) {
    result.ranked.rounds.push_back({static_cast<int64_t>(i), 1 / rate});
  }
  result.ranked.samples_per_second = rate;
  if (rounds >= 6) result.ranked.interval = harness::Interval{0.99 * rate, 1.01 * rate};
  result.planned = harness::make_footprint(800 * harness::kMiB);
  return result;
}

TuningResult sample_result() {
  TuningResult result;
  result.name = "sample";
  result.candidates = 40;
  result.grid_trials = 240;
  result.trials = 33;
  result.trial_limit = 60;
  result.seconds = 100;
  result.ranking = {candidate(tuning_cell("fused", 8, {"gelu_checkpoint"}), 50, 7),
                    candidate(tuning_cell("fused", 12, {"gelu_checkpoint"}), 49, 7),
                    candidate(tuning_cell("pytorch_eager", 8), 25, 1)};
  result.ranking[0].measured = harness::make_footprint(801 * harness::kMiB);
  result.ranking[1].ranked.slower = harness::TimeRatio{1.02, harness::Interval{1.01, 1.03}};
  result.terms = {
      {{harness::CostTerm::Kind::kImplementation, "fused", 1}, {std::log(0.02), 0.01}},
      {{harness::CostTerm::Kind::kFlag, "gelu_checkpoint", 0.5}, {std::log(1.05), 0.02}}};
  result.residual_deviation = 0.03;
  result.passes = {{0, harness::TrialStage::kScreening, 9}};
  harness::FlagReason reason;
  reason.cost.flags = "gelu_checkpoint";
  reason.cost.micro_batch = 8;
  reason.cost.time_cost_percent = 5.0;
  reason.paired_rounds = 6;
  reason.memory_micro_batch = 12;
  reason.cost.memory = harness::FlagMemory{200 * harness::kMiB, "backward", "backward", {}};
  reason.cost.largest_micro_batch_before = 6;
  reason.cost.largest_micro_batch_after = 12;
  reason.cost.net_throughput = harness::NetThroughput{8.0, 6, 8};
  result.reasons = {reason};
  return result;
}

TEST(TuningText, says_the_answer_with_its_interval_and_memory) {
  EXPECT_EQ(answer_text(sample_result()),
            "fused, adamw, micro-batch 8 (3 accumulation steps), flags gelu_checkpoint: 50.00 "
            "samples/s (95 % interval 49.50 to 50.50, 7 rounds); planned peak 800.0 MiB, measured "
            "801.0 MiB, of 2 GiB.");
}

TEST(TuningText, says_that_a_worker_predicts_no_memory) {
  TuningResult result = sample_result();
  result.ranking[0].planned.reset();
  EXPECT_THAT(answer_text(result), HasSubstr("; no planned peak, measured 801.0 MiB, of 2 GiB."));
}

TEST(TuningText, says_when_rounds_are_too_few_for_an_interval) {
  TuningResult result = sample_result();
  result.ranking[0] = candidate(result.ranking[0].cell, 50, 1);
  EXPECT_THAT(answer_text(result), HasSubstr("(1 round: too few for an interval)"));
}

TEST(TuningText, says_what_is_proven_slower_and_what_is_not) {
  TuningResult result = sample_result();
  EXPECT_EQ(certainty_text(result), "The paired rounds prove the runner-up slower.");
  result.ranking[1].ranked.slower->interval = harness::Interval{0.99, 1.03};
  EXPECT_EQ(certainty_text(result),
            "The paired rounds do not tell it apart from: fused, adamw, micro-batch 12 (2 "
            "accumulation steps), flags gelu_checkpoint.");
  result.ranking[1].ranked.slower.reset();
  EXPECT_THAT(certainty_text(result), HasSubstr("none is proven to be slower"));
  result.ranking.resize(1);
  EXPECT_EQ(certainty_text(result), "");
}

// Rounds of 50 and 25 samples/s: half of them 33 % off their median.
TEST(TuningText, says_when_the_answer_s_rounds_disagree) {
  TuningResult result = sample_result();
  auto& rounds = result.ranking[0].ranked.rounds;
  for (std::size_t i = 0; i < rounds.size(); i += 2) rounds[i].seconds_per_sequence *= 2;
  rounds.pop_back();
  EXPECT_THAT(certainty_text(result),
              AllOf(testing::StartsWith("It is mistrusted: half of the rounds are 33.3 % or more"),
                    testing::EndsWith(" The paired rounds prove the runner-up slower.")));
}

TEST(TuningText, says_why) {
  TuningResult result = sample_result();
  const std::string sentence =
      "flag gelu_checkpoint costs 5.0 %, frees 200.0 MiB of the peak (in backward), raises the "
      "largest micro-batch from 6 to 12, net +8.0 % (samples/s at micro-batch 8 with, over 6 "
      "without)";
  EXPECT_EQ(reason_texts(result).at(0),
            sentence + "; cost of 6 paired rounds at micro-batch 8, memory at micro-batch 12");
  result.reasons[0].fitted_error_percent = 2.04;
  EXPECT_EQ(reason_texts(result).at(0), sentence +
                                            "; cost by the model fitted to all trials, standard "
                                            "error 2.0 %, memory at micro-batch 12");
}

TEST(TuningText, says_what_it_took_and_what_ended_it) {
  TuningResult result = sample_result();
  EXPECT_EQ(effort_text(result),
            "33 trials of 60 at most; measuring each of the 40 cells that fit takes 240. 1 min 40 "
            "s.");
  result.budget_seconds = 120;
  result.end = TuningEnd::kBudget;
  EXPECT_THAT(effort_text(result), testing::EndsWith("1 min 40 s of a budget of 2 min 0 s; the "
                                                     "budget ended it."));
  result.end = TuningEnd::kInterrupted;
  EXPECT_THAT(effort_text(result), testing::EndsWith("; interrupted."));
}

TEST(TuningText, says_why_there_is_no_answer) {
  TuningResult result;
  EXPECT_THAT(answer_text(result), HasSubstr("no cell of the sweep can be launched"));
  result.candidates = 3;
  EXPECT_THAT(answer_text(result), HasSubstr("ended before its first trial"));
  result.trials = 3;
  EXPECT_THAT(answer_text(result), HasSubstr("no trial passed"));
}

TEST(TuningMarkdown, has_every_part) {
  const std::string text = tuning_markdown(sample_result());
  EXPECT_THAT(text, AllOf(testing::StartsWith("# sample, tuned\n\n"), HasSubstr("## Answer\n"),
                          HasSubstr("## Runners-up\n"), HasSubstr("## Why these flags\n"),
                          HasSubstr("## Cost model\n"), HasSubstr("## Search\n")));
  EXPECT_THAT(text, HasSubstr("minilm-l6, sequence length 128, fp32, global batch 24, on cpu with "
                              "2 GiB."));
  EXPECT_THAT(text, HasSubstr("bert_squad train --deepspeed_config deepspeed_config.json "
                              "--implementation fused --optimizer adamw --max_seq_length 128 "));
  EXPECT_THAT(text, HasSubstr("| fused | adamw | gelu_checkpoint | 12 | 49.00 | 48.51–49.49 | 7 "
                              "| +2.0 % (1.0 to 3.0) | 800.0 |"))
      << text;
  EXPECT_THAT(text, HasSubstr("| fused, of large micro-batches | 20 ms a sequence | 1.0 % |"));
  EXPECT_THAT(text, HasSubstr("| flag gelu_checkpoint | +5.0 % | 2.0 % |"));
  EXPECT_THAT(text, HasSubstr("| 0 | screening | 9 |"));
  EXPECT_FALSE(text.ends_with("\n\n"));
}

TEST(TuningMarkdown, asks_no_training_for_what_bert_squad_does_not_know) {
  TuningResult result = sample_result();
  result.ranking[0].cell.worker = {"mine"};
  EXPECT_THAT(tuning_markdown(result), AllOf(Not(HasSubstr("bert_squad train")),
                                             HasSubstr("`deepspeed_config.json` beside")));
}

TEST(TuningMarkdown, without_an_answer_says_so_and_shows_the_search) {
  TuningResult result;
  result.name = "empty";
  result.left_out = {{harness::Status::kOutOfMemory, 7, {}}};
  const std::string text = tuning_markdown(result);
  EXPECT_THAT(text, AllOf(HasSubstr("No answer"), HasSubstr("| 7 |"), Not(HasSubstr("```")),
                          Not(HasSubstr("Runners-up"))));
}

TEST(TuningTerminal, fits_a_terminal) {
  const std::string text = tuning_terminal(sample_result(), false);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), kTerminalWidth) << line;
  }
  EXPECT_THAT(text, AllOf(HasSubstr("Answer\n"), HasSubstr("the answer"),
                          HasSubstr("+2.0 % (1.0 to 3.0)"), HasSubstr("Why these flags\n")));
}

TEST(TuningJson, holds_the_same_for_programs) {
  const auto json = nlohmann::json::parse(tuning_json(sample_result()));
  EXPECT_EQ(json["end"], "finished");
  EXPECT_EQ(json["budget_seconds"], nullptr);
  ASSERT_EQ(json["ranking"].size(), 3U);
  EXPECT_EQ(json["ranking"][0]["flags"], nlohmann::json::array({"gelu_checkpoint"}));
  EXPECT_EQ(json["ranking"][0]["accumulation_steps"], 3);
  EXPECT_EQ(json["ranking"][0]["samples_per_second_low"], 49.5);
  EXPECT_EQ(json["ranking"][0]["time_over_answer"], nullptr);
  EXPECT_EQ(json["ranking"][0]["measured_peak_bytes"], 801 * harness::kMiB);
  EXPECT_EQ(json["ranking"][1]["time_over_answer_high"], 1.03);
  EXPECT_EQ(json["ranking"][2]["samples_per_second_low"], nullptr);
  EXPECT_EQ(json["ranking"][0]["mistrusted"], nullptr);
  EXPECT_EQ(json["reasons"][0]["freed_bytes"], 200 * harness::kMiB);
  EXPECT_EQ(json["reasons"][0]["net_micro_batch_after"], 8);
  EXPECT_EQ(json["reasons"][0]["time_cost_rounds"], 6);
  EXPECT_EQ(json["model"]["terms"][1]["kind"], "flag");
  EXPECT_EQ(json["passes"][0]["stage"], "screening");
}

train::EngineConfig parsed(const harness::Cell& cell) {
  constexpr std::string_view kFlags[] = {"gelu_checkpoint", "flash_attention"};
  return train::parse_deepspeed_config(deepspeed_config(cell), "deepspeed_config.json", 1, kFlags);
}

// The reader that bert_squad train uses.
TEST(DeepspeedConfig, is_what_training_reads) {
  harness::Cell cell = tuning_cell("fused", 8, {"gelu_checkpoint", "flash_attention"});
  cell.precision = "bf16";
  const train::EngineConfig config = parsed(cell);
  EXPECT_EQ(config.global_batch, 24);
  EXPECT_EQ(config.micro_batch, 8);
  EXPECT_EQ(config.accumulation_steps, 3);
  EXPECT_EQ(config.precision, train::Precision::kBf16);
  EXPECT_THAT(config.kernel_flags,
              testing::UnorderedElementsAre("gelu_checkpoint", "flash_attention"));
}

TEST(DeepspeedConfig, fp32_without_flags_needs_no_keys_for_them) {
  const train::EngineConfig config = parsed(tuning_cell("pytorch_eager", 24));
  EXPECT_EQ(config.accumulation_steps, 1);
  EXPECT_EQ(config.precision, train::Precision::kFp32);
  EXPECT_TRUE(config.kernel_flags.empty());
}

TEST(DeepspeedConfig, the_command_allows_what_training_refuses_unasked) {
  EXPECT_THAT(training_command(tuning_cell("fused", 8)), testing::EndsWith("_length 128"));
  EXPECT_THAT(training_command(tuning_cell("fused", 8, {"stochastic_mode"})),
              testing::EndsWith(" --allow_stochastic_mode"));
}

// What no cell has is the published configuration's.
TEST(DeepspeedConfig, trains_as_the_published_one_otherwise) {
  const train::EngineConfig config = parsed(tuning_cell("fused", 3));
  const train::EngineConfig published = train::read_deepspeed_config(
      std::string(BENCH_SOURCE_DIR) + "/configs/deepspeed_bsz24_config.json", 1, {});
  EXPECT_EQ(config.global_batch, published.global_batch);
  EXPECT_EQ(config.micro_batch, published.micro_batch);
  EXPECT_EQ(config.optimizer.kind, published.optimizer.kind);
  EXPECT_EQ(config.optimizer.learning_rate, published.optimizer.learning_rate);
  EXPECT_EQ(config.optimizer.weight_decay, published.optimizer.weight_decay);
  EXPECT_EQ(config.optimizer.bias_correction, published.optimizer.bias_correction);
  EXPECT_EQ(config.max_gradient_norm, published.max_gradient_norm);
}

}  // namespace
}  // namespace reports
