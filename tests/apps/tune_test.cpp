#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

/// The stub's fused steps take half the time of the others, whatever the micro-batch and flags are;
/// it plans 1 MiB a sequence for fused, less a tenth a flag, and 2 MiB for the others.
class Tune : public DriverFixture {
 protected:
  static nlohmann::json tuning_sweep() {
    auto sweep = small_sweep();
    sweep["axes"] = {
        {"implementation", {"pytorch_eager", "fused"}},
        {"micro_batch", {{"from", 2}, {"to", 12}}},
        {"flags", nlohmann::json::array(
                      {nlohmann::json::array(), {"gelu_checkpoint"}, {"normalize_invertible"}})}};
    sweep["global_batch"] = 24;
    return sweep;
  }

  static harness::ProcessResult tune(const nlohmann::json& sweep,
                                     std::vector<std::string> options = {}) {
    write_file("sweep.json", sweep.dump());
    options.insert(options.begin(), {"tune", "sweep.json", "--out", "out"});
    return run(options);
  }

  static nlohmann::json result() { return nlohmann::json::parse(read_file("out/tuning.json")); }

  static std::vector<std::string> launches() {
    auto lines = lines_of("log");
    std::erase_if(lines, [](const std::string& line) { return !line.starts_with("run "); });
    return lines;
  }
};

TEST_F(Tune, finds_the_fastest_and_writes_what_it_found) {
  auto sweep = tuning_sweep();
  sweep["measure"]["rounds"] = 6;  // fewer give no interval
  const auto tuned = tune(sweep);
  EXPECT_EQ(tuned.exit.exit_code, 0) << tuned.error_tail;
  for (const auto* file : {"run.json", "records.jsonl", "speedup.csv", "report.md", "tuning.md",
                           "tuning.json", "deepspeed_config.json"}) {
    EXPECT_TRUE(fs::exists(fs::path("out") / file)) << file;
  }
  const auto found = result();
  EXPECT_EQ(found["end"], "finished");
  EXPECT_EQ(found["ranking"][0]["implementation"], "fused");
  EXPECT_DOUBLE_EQ(found["ranking"][0]["samples_per_second"], 24 / 0.25);
  EXPECT_DOUBLE_EQ(found["ranking"][0]["samples_per_second_low"], 24 / 0.25);
  EXPECT_THAT(tuned.output, HasSubstr("fused, adamw, micro-batch "));
  EXPECT_THAT(tuned.error_tail, AllOf(HasSubstr("] screening  "), HasSubstr("] narrowing  ")));
}

// Micro-batches 2, 3, 4, 6, 8 and 12 of two implementations, fused with three flag sets: 24 cells.
TEST_F(Tune, takes_at_most_a_quarter_of_the_launches_of_a_run) {
  auto sweep = tuning_sweep();
  sweep["measure"]["rounds"] = 3;
  tune(sweep);
  EXPECT_EQ(result()["candidates"], 24);
  EXPECT_EQ(result()["grid_trials"], 24 * 3);
  EXPECT_LE(launches().size(), 24U * 3 / 4);
  EXPECT_EQ(result()["trials"], launches().size());
  EXPECT_EQ(lines_of("out/records.jsonl").size(), launches().size());
}

TEST_F(Tune, launches_nothing_that_cannot_fit) {
  const auto tuned = tune(tuning_sweep(), {"--memory-limit", "7 MiB"});
  EXPECT_EQ(tuned.exit.exit_code, 0) << tuned.error_tail;
  for (const auto* too_large :
       {"run pytorch_eager 4 ", "run pytorch_eager 6 ", "run fused 8 ", "run fused 12 "}) {
    EXPECT_THAT(launches(), Not(Contains(HasSubstr(too_large)))) << too_large;
  }
  // 8 sequences with a flag take 7.2 MiB, less than 5 % over the limit: a run would try that.
  EXPECT_GT(result()["left_out"]["out_of_memory"], 0);
}

TEST_F(Tune, tries_a_foreign_worker_that_cannot_predict_its_memory) {
  tell_workers({{"run", {{"mine", "as_claimed"}}}, {"plan", "unknown_memory"}});
  auto sweep = tuning_sweep();
  sweep["axes"].erase("flags");
  sweep["axes"]["implementation"] = nlohmann::json::array(
      {{{"name", "mine"}, {"worker", {"python3", stubs::worker_path().string()}}}});
  sweep["baseline"] = "mine";
  const auto tuned = tune(sweep, {"--memory-limit", "7 MiB"});
  EXPECT_EQ(tuned.exit.exit_code, 0) << tuned.error_tail;
  EXPECT_EQ(result()["candidates"], 6);
  EXPECT_EQ(result()["ranking"][0]["implementation"], "mine");
  EXPECT_EQ(result()["ranking"][0]["planned_peak_bytes"], nullptr);
}

TEST_F(Tune, the_configuration_it_writes_is_the_answer) {
  tune(tuning_sweep());
  const auto config = nlohmann::json::parse(read_file("out/deepspeed_config.json"));
  const auto answer = result()["ranking"][0];
  EXPECT_EQ(config["train_batch_size"], 24);
  EXPECT_EQ(config["train_micro_batch_size_per_gpu"], answer["micro_batch"]);
  EXPECT_EQ(config["gradient_accumulation_steps"], answer["accumulation_steps"]);
}

TEST_F(Tune, its_records_can_be_reported_again) {
  tune(tuning_sweep());
  fs::remove("out/report.md");
  EXPECT_EQ(run_plain({"report", "out"}).exit.exit_code, 0);
  EXPECT_TRUE(fs::exists("out/report.md"));
}

TEST_F(Tune, the_same_seed_launches_the_same_trials) {
  tune(tuning_sweep());
  const auto first = launches();
  fs::remove("log");
  fs::remove_all("out");
  tune(tuning_sweep());
  EXPECT_EQ(launches(), first);
  fs::remove("log");
  fs::remove_all("out");
  auto reseeded = tuning_sweep();
  reseeded["measure"]["seed"] = 2;
  tune(reseeded);
  EXPECT_NE(launches(), first);
}

TEST_F(Tune, goes_on_after_crashes) {
  tell_workers({{"run", {{"fused/12", "SIGSEGV"}}}});
  const auto tuned = tune(tuning_sweep());
  EXPECT_EQ(tuned.exit.exit_code, 0) << tuned.error_tail;
  const auto ranking = result()["ranking"];
  EXPECT_EQ(ranking[0]["implementation"], "fused");
  for (const auto& ranked : ranking) {
    EXPECT_FALSE(ranked["implementation"] == "fused" && ranked["micro_batch"] == 12);
  }
}

TEST_F(Tune, what_is_incorrect_is_never_timed) {
  tell_workers({{"check", {{"fused", "incorrect"}}}});
  const auto tuned = tune(tuning_sweep());
  EXPECT_EQ(tuned.exit.exit_code, 4) << tuned.error_tail;
  EXPECT_THAT(launches(), Each(HasSubstr("run pytorch_eager ")));
  EXPECT_EQ(result()["ranking"][0]["implementation"], "pytorch_eager");
  EXPECT_THAT(tuned.error_tail, HasSubstr("\"Records\" in report.md says which and how"));
}

TEST_F(Tune, a_budget_that_planning_uses_up_is_exit_status_1) {
  const auto tuned = tune(tuning_sweep(), {"--budget", "1 ms"});
  EXPECT_EQ(tuned.exit.exit_code, 1) << tuned.error_tail;
  EXPECT_THAT(launches(), IsEmpty());
  EXPECT_EQ(result()["end"], "budget");
  EXPECT_THAT(read_file("out/tuning.md"),
              AllOf(HasSubstr("No answer: the search ended before its first trial."),
                    HasSubstr("; the budget ended it.")));
  EXPECT_FALSE(fs::exists("out/deepspeed_config.json"));
}

TEST_F(Tune, a_budget_with_room_does_not_end_the_search) {
  tune(tuning_sweep(), {"--budget", "10min"});
  EXPECT_EQ(result()["end"], "finished");
  EXPECT_EQ(result()["budget_seconds"], 600);
}

TEST_F(Tune, refuses_what_is_no_budget) {
  const auto tuned = tune(tuning_sweep(), {"--budget", "soon"});
  EXPECT_EQ(tuned.exit.exit_code, 2);
  EXPECT_THAT(tuned.error_tail, HasSubstr("bench_sweep: --budget: 'soon' is not a duration; "));
  EXPECT_FALSE(fs::exists("out"));
}

TEST_F(Tune, refuses_a_sweep_that_is_no_question) {
  auto sweep = tuning_sweep();
  sweep.erase("global_batch");
  const auto tuned = tune(sweep);
  EXPECT_EQ(tuned.exit.exit_code, 2);
  EXPECT_THAT(tuned.error_tail, HasSubstr("sweep.json: /global_batch: the tuner compares"));
  EXPECT_FALSE(fs::exists("out"));
}

TEST_F(Tune, interrupted_it_answers_from_what_it_has) {
  tell_workers({{"run", {{"fused/12/0", "interrupt_driver"}, {"fused/2/0", "interrupt_driver"}}}});
  const auto tuned = tune(tuning_sweep());
  EXPECT_EQ(tuned.exit.exit_code, 130) << tuned.error_tail;
  EXPECT_EQ(result()["end"], "interrupted");
  EXPECT_TRUE(fs::exists("out/tuning.md"));
  EXPECT_TRUE(fs::exists("out/report.md"));
}

TEST_F(Tune, without_the_device_there_are_plans_and_no_answer) {
  tell_workers({{"plan", "absent"}});
  const auto tuned = tune(tuning_sweep());
  EXPECT_EQ(tuned.exit.exit_code, 6) << tuned.error_tail;
  EXPECT_THAT(read_file("out/tuning.md"), HasSubstr("no cell of the sweep can be launched"));
  EXPECT_FALSE(fs::exists("log"));
}

TEST_F(Tune, writes_beside_the_runs_of_the_sweep) {
  write_file("sweep.json", tuning_sweep().dump());
  EXPECT_EQ(run({"tune", "sweep.json"}).exit.exit_code, 0);
  std::vector<std::string> folders;
  for (const auto& entry : fs::directory_iterator("runs/small")) {
    folders.push_back(entry.path().filename());
  }
  EXPECT_THAT(folders, testing::ElementsAre(MatchesRegex(".*Z-tune")));
}

}  // namespace
}  // namespace apps
