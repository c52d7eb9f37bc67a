// Implementations that a sweep file brings along.
#include <map>

#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

class ForeignWorker : public DriverFixture {
 protected:
  /// AddressSanitizer keeps up to 256 MiB that were freed.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BENCH_ADDRESS_SANITIZER
#endif
#endif
#ifdef BENCH_ADDRESS_SANITIZER
  static constexpr int64_t kMemoryAllowed = int64_t{600} << 20;
#else
  static constexpr int64_t kMemoryAllowed = int64_t{200} << 20;
#endif

  /// The small sweep with an implementation "mine", which the stub measures as well.
  static nlohmann::json foreign_sweep() {
    auto sweep = small_sweep();
    sweep["axes"]["implementation"] = {
        "fused", {{"name", "mine"}, {"worker", {"python3", stubs::worker_path().string()}}}};
    sweep["baseline"] = "mine";
    return sweep;
  }

  /// The records of "mine" after a sweep in which its worker did this in every round.
  std::vector<nlohmann::json> records_doing(const std::string& what) {
    tell_workers({{"run", {{"mine", what}}}});
    const auto result = run_sweep(foreign_sweep());
    EXPECT_EQ(result.exit.exit_code, 0) << what << ": " << result.error_tail;
    EXPECT_LT(result.exit.max_resident_bytes, kMemoryAllowed) << what;
    std::vector<nlohmann::json> records;
    for (const auto& line : lines_of("out/records.jsonl")) {
      auto record = nlohmann::json::parse(line);
      if (record["cell"]["implementation"] == "mine") records.push_back(std::move(record));
    }
    std::filesystem::remove_all("out");
    return records;
  }
};

TEST_F(ForeignWorker, stands_beside_the_house_s_own) {
  tell_workers({{"run", {{"mine", "as_claimed"}}}});
  const auto result = run_sweep(foreign_sweep());
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("8 records (8 passed)"));
  EXPECT_THAT(lines_of("log"), AllOf(Contains("check mine 4 0"), Contains("run mine 8 1")));
  // 1 ms a step against the stub's 250 ms for fused.
  EXPECT_THAT(read_file("out/speedup.csv"), AllOf(HasSubstr(",mine,"), HasSubstr("0.004")));
  const auto record = nlohmann::json::parse(lines_of("out/records.jsonl").at(0));
  EXPECT_FALSE(record["cell"].contains("worker"));
}

TEST_F(ForeignWorker, its_cells_can_be_run_again_and_its_run_reported_again) {
  const auto record = records_doing("as_claimed").at(0);
  const auto again = run({"cell", record["cell"].dump()});
  EXPECT_EQ(again.exit.exit_code, 0) << again.error_tail;
  EXPECT_EQ(nlohmann::json::parse(again.output).at("cell"), record["cell"]);
  run_sweep(foreign_sweep());
  EXPECT_EQ(run_plain({"report", "out"}).exit.exit_code, 0);
}

TEST_F(ForeignWorker, is_launched_without_a_plan_and_has_none_in_the_tables) {
  tell_workers({{"run", {{"mine", "as_claimed"}}}, {"plan", "unknown_memory"}});
  auto sweep = foreign_sweep();
  sweep["axes"]["implementation"].erase(0);
  sweep["flag_table_limits"] = {"1 GiB"};
  const auto result = run_sweep(sweep);
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("4 records (4 passed)"));
  EXPECT_EQ(lines_of("out/flag_requirements.csv").size(), 1U);
}

TEST_F(ForeignWorker, that_lies_or_breaks_down_is_caught_and_the_sweep_goes_on) {
  for (const auto& [what, reason] :
       std::map<std::string, std::string>{{"pass", "lived for"},
                                          {"wrong_cell", "a record of another cell"},
                                          {"wrong_round", "round 1 where 0 was asked for"},
                                          {"wrong_count", "sequences a step"},
                                          {"extra_step", "3 samples where the cell has 2 steps"},
                                          {"nan_sample", "not JSON"},
                                          {"negative_sample", "must not be negative"},
                                          {"zero_sample", "took no time"},
                                          {"unknown_key", "unknown key"},
                                          {"garbage", "not JSON"},
                                          {"none", "wrote nothing"},
                                          {"flood_100_mib", "more than 16 MiB"},
                                          {"environment_flood", "more than 65536"},
                                          {"parts_do_not_add_up", "do not add up"},
                                          {"SIGSEGV", "SIGSEGV"}}) {
    const auto records = records_doing(what);
    ASSERT_EQ(records.size(), 2U) << what;  // a cell that did not pass is not launched again
    for (const auto& record : records) {
      EXPECT_EQ(record["status"], "crashed") << what;
      EXPECT_THAT(record["reason"].get<std::string>(), HasSubstr(reason)) << what;
    }
  }
}

TEST_F(ForeignWorker, that_cannot_plan_is_a_crash_and_the_sweep_goes_on) {
  for (const char* what : {"exit3", "garbage", "short", "negative_bytes"}) {
    tell_workers({{"plan", {{"mine", what}}}});
    const auto result = run_sweep(foreign_sweep());
    EXPECT_EQ(result.exit.exit_code, 0) << what << ": " << result.error_tail;
    EXPECT_THAT(result.error_tail, HasSubstr("6 records (4 passed, 2 crashed)")) << what;
    for (const auto& line : lines_of("out/records.jsonl")) {
      const auto record = nlohmann::json::parse(line);
      if (record["cell"]["implementation"] != "mine") continue;
      EXPECT_EQ(record["status"], "crashed") << what;
      EXPECT_EQ(record["phase"], "setup") << what;
      EXPECT_THAT(record["reason"].get<std::string>(), HasSubstr("--plan")) << what;
    }
    std::filesystem::remove_all("out");
  }
}

TEST_F(ForeignWorker, whose_check_contradicts_itself_is_not_timed) {
  tell_workers({{"check", {{"mine", "passed_over_tolerance"}}}});
  const auto result = run_sweep(foreign_sweep());
  EXPECT_THAT(result.error_tail, HasSubstr("6 records (4 passed, 2 mistrusted)"));
}

TEST_F(ForeignWorker, a_program_that_is_not_there_is_an_error_of_the_sweep_file) {
  auto sweep = foreign_sweep();
  sweep["axes"]["implementation"][1]["worker"][0] = "no_such_program";
  const auto result = run_sweep(sweep);
  EXPECT_EQ(result.exit.exit_code, 2);
  EXPECT_THAT(result.error_tail, HasSubstr("/axes/implementation/1/worker/0: there is no program"));
  EXPECT_FALSE(std::filesystem::exists("out"));
}

}  // namespace
}  // namespace apps
