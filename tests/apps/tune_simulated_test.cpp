#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

/// On a simulated device of 2 GiB: 8 ms a micro-batch and 3 ms a sequence of fused. Without flags
/// 18 sequences fit and of the divisors of 24 the best is 12: 3 + 8/12 = 3.67 ms a sequence. With
/// gelu_checkpoint and attn_dropout_checkpoint, which cost 2 % and 3 %, all 24 fit: (3 + 8/24)
/// * 1.02 * 1.03 = 3.50 ms, 4.7 % more samples a second. activation_checkpoint costs 30 %, and
/// pytorch_eager is slower throughout.
nlohmann::json simulated_sweep(const std::string& data, double noise) {
  const auto implementation = [](const char* base, const char* sequence, const char* bytes) {
    return nlohmann::json{{"time", {{"base", base}, {"sequence", sequence}}},
                          {"memory", {{"base", "360 MiB"}, {"sequence", bytes}}}};
  };
  const auto flag = [](double time, double frees) {
    return nlohmann::json{{"time_percent", time}, {"frees_percent", frees}};
  };
  return {{"name", "simulated"},
          {"device",
           {{"kind", "simulated"},
            {"memory_limit", "2 GiB"},
            {"simulated",
             {{"implementations",
               {{"pytorch_eager", implementation("12 ms", "5 ms", "150 MiB")},
                {"fused", implementation("8 ms", "3 ms", "90 MiB")}}},
              {"flags",
               {{"normalize_invertible", flag(0.5, 2)},
                {"gelu_checkpoint", flag(2, 12)},
                {"attn_dropout_checkpoint", flag(3, 15)},
                {"flash_attention", flag(9, 18)},
                {"activation_checkpoint", flag(30, 70)}}},
              {"noise", {{"round", noise}, {"step", noise}}},
              {"drift_percent", 0.2}}}}},
          {"model", {{"preset", "bert-base"}}},
          {"data", {{"source", "windows"}, {"file", data}}},
          {"axes",
           {{"implementation", {"pytorch_eager", "fused"}},
            {"micro_batch", {{"from", 1}, {"to", 24}}},
            {"flags", "all"}}},
          {"global_batch", 24},
          {"baseline", "pytorch_eager"},
          {"measure", {{"rounds", 6}, {"warmup_steps", 1}, {"steps", 3}, {"seed", 5}}}};
}

class TuneSimulated : public DriverFixture {
 protected:
  static nlohmann::json sweep_with(double noise) {
    return simulated_sweep(small_sweep()["data"]["file"].get<std::string>(), noise);
  }
  static nlohmann::json result() { return nlohmann::json::parse(read_file("out/tuning.json")); }

  /// The tuning.json of a tuning that ended well.
  static nlohmann::json tuned(double noise) {
    write_file("sweep.json", sweep_with(noise).dump());
    const auto done = run_plain({"tune", "sweep.json", "--out", "out"});
    EXPECT_EQ(done.exit.exit_code, 0) << done.error_tail;
    return result();
  }
};

TEST_F(TuneSimulated, finds_that_two_cheap_flags_let_the_whole_batch_fit) {
  const auto result = tuned(0.002);
  const auto& answer = result["ranking"][0];
  EXPECT_EQ(answer["implementation"], "fused");
  EXPECT_EQ(answer["micro_batch"], 24);
  EXPECT_EQ(answer["flags"], nlohmann::json::array({"gelu_checkpoint", "attn_dropout_checkpoint"}));
  EXPECT_LE(result["trials"].get<int>() * 4, result["grid_trials"].get<int>());
  EXPECT_NEAR(answer["samples_per_second"].get<double>(), 1 / 0.00350, 5);
}

TEST_F(TuneSimulated, says_why) {
  const auto result = tuned(0.002);
  const auto& reason = result["reasons"][0];
  EXPECT_EQ(reason["flags"], "gelu_checkpoint+attn_dropout_checkpoint");
  EXPECT_EQ(reason["largest_micro_batch_before"], 18);
  EXPECT_GE(reason["largest_micro_batch_after"], 24);
  EXPECT_EQ(reason["memory_micro_batch"], 24);
  // Nothing fits at 24 without flags, and at 12 this set was not tried: the cost is the model's,
  // which has no exact term for 3 + 8/b. Its standard error is 2.3 %; 5.06 % is true.
  EXPECT_TRUE(reason["time_cost_fitted"]);
  EXPECT_NEAR(reason["time_cost_percent"].get<double>(), 100 * (1.02 * 1.03 - 1), 2 * 2.3);
  EXPECT_NEAR(reason["net_throughput_percent"].get<double>(), 4.7, 1.5);
}

// With 2 % of noise sets that differ by half a percent cannot be told apart; the answer is one of
// those within the noise of the best, and its interval holds the best cell's rate.
TEST_F(TuneSimulated, under_noise_it_is_within_it) {
  const auto result = tuned(0.02);
  const auto& answer = result["ranking"][0];
  EXPECT_EQ(answer["implementation"], "fused");
  EXPECT_GE(answer["samples_per_second_high"].get<double>(), 1 / 0.00350 / 1.012);
  EXPECT_GE(answer["samples_per_second"].get<double>(), 0.95 / 0.00350);
}

TEST_F(TuneSimulated, launches_no_trial_that_runs_out_of_memory) {
  EXPECT_GT(tuned(0.002)["left_out"]["out_of_memory"].get<int>(), 0);
  for (const auto& line : lines_of("out/records.jsonl")) {
    const auto record = nlohmann::json::parse(line);
    EXPECT_TRUE(record["status"] == "passed" || record["memory"]["source"] == "planned") << line;
  }
}

// Steps last as long as they claim to, 0.5 s or more, three and a warm-up a trial: the first trial,
// of which nothing is known, is begun where planning left time, and no second one.
TEST_F(TuneSimulated, a_budget_ends_before_a_trial_that_would_outlast_it) {
  auto sweep = sweep_with(0.002);
  auto& device = sweep["device"]["simulated"];
  device["real_time"] = true;
  for (auto& implementation : device["implementations"]) {
    implementation["time"] = {{"base", "1 ms"}, {"sequence", "21 ms"}};
  }
  device["flags"] = nlohmann::json::object();
  write_file("sweep.json", sweep.dump());
  run_plain({"tune", "sweep.json", "--out", "out", "--budget", "2 s"});
  EXPECT_EQ(result()["end"], "budget");
  EXPECT_LE(result()["trials"], 1);
}

}  // namespace
}  // namespace apps
