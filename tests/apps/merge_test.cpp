#include <set>

#include "tests/apps/driver_fixture.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Merge : public DriverFixture {
 protected:
  /// Four comparisons, one for each micro-batch.
  static json four_comparisons() {
    auto sweep = small_sweep();
    sweep["axes"]["micro_batch"] = {2, 4, 8, 16};
    return sweep;
  }
  /// Runs the sweep in `count` shards, in s1, s2, ...
  static void run_shards(const json& sweep, int count) {
    write_file("sweep.json", sweep.dump());
    for (int index = 1; index <= count; ++index) {
      const auto number = std::to_string(index);
      const auto result = run(
          {"sweep.json", "--shard", number + "/" + std::to_string(count), "--out", "s" + number});
      ASSERT_EQ(result.exit.exit_code, 0) << result.error_tail;
    }
  }
  /// Its records, but for what the machine did meanwhile.
  static std::multiset<std::string> records_of(const fs::path& run) {
    std::multiset<std::string> result;
    for (const auto& line : lines_of(run / "records.jsonl")) {
      auto record = json::parse(line);
      record.erase("environment");
      record.erase("checksum");
      result.insert(record.dump());
    }
    return result;
  }
  /// Exit status 2, `what` in the error, and nothing written.
  static void expect_refused(const std::vector<std::string>& runs, const std::string& what) {
    std::vector<std::string> arguments = {"merge", "--out", "merged"};
    arguments.insert(arguments.end(), runs.begin(), runs.end());
    const auto result = run_plain(arguments);
    EXPECT_EQ(result.exit.exit_code, 2) << result.error_tail;
    EXPECT_THAT(result.error_tail, HasSubstr(what));
    EXPECT_FALSE(fs::exists("merged"));
  }
};

TEST_F(Merge, of_shards_is_the_run_of_the_whole_sweep) {
  run_shards(four_comparisons(), 3);
  const auto result = run_plain({"merge", "s1", "s2", "s3", "--out", "merged"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("16 records (16 passed) of 3 runs in merged\n"));
  EXPECT_THAT(result.error_tail, Not(HasSubstr("missing")));
  run({"sweep.json", "--out", "whole"});
  EXPECT_EQ(records_of("merged"), records_of("whole"));
  for (const auto* file : {"speedup.csv", "memory.csv", "flag_requirements.csv", "run.json"}) {
    EXPECT_EQ(read_file(fs::path("merged") / file), read_file(fs::path("whole") / file)) << file;
  }
  EXPECT_THAT(result.output, HasSubstr("2.00"));
  EXPECT_EQ(run_plain({"report", "merged"}).exit.exit_code, 0);
}

TEST_F(Merge, shards_never_split_a_comparison_and_are_never_empty) {
  run_shards(four_comparisons(), 4);
  for (const auto* shard : {"s1", "s2", "s3", "s4"}) {
    std::set<int64_t> micro_batches;
    for (const auto& line : lines_of(fs::path(shard) / "records.jsonl")) {
      micro_batches.insert(json::parse(line).at("/cell/micro_batch"_json_pointer).get<int64_t>());
    }
    EXPECT_EQ(micro_batches.size(), 1u) << shard;
  }
  const auto result = run({"sweep.json", "--shard", "1/5", "--out", "s5"});
  EXPECT_EQ(result.exit.exit_code, 2);
  EXPECT_THAT(result.error_tail, HasSubstr("--shard 1/5: the sweep has 4 comparisons"));
  EXPECT_FALSE(fs::exists("s5"));
}

TEST_F(Merge, lists_the_cells_of_a_shard) {
  write_file("sweep.json", four_comparisons().dump());
  const auto result = run({"list", "sweep.json", "--shard", "1/4"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr("2 cells, 4 launches\n"));
}

TEST_F(Merge, says_which_shards_are_missing) {
  run_shards(four_comparisons(), 3);
  const auto result = run_plain({"merge", "s1", "s3", "--out", "merged"});
  EXPECT_EQ(result.exit.exit_code, 0);
  EXPECT_THAT(result.error_tail, HasSubstr("missing in the tables: shards 2/3\n"));
}

TEST_F(Merge, goes_on_as_one_run_with_what_a_part_lacks) {
  run_shards(four_comparisons(), 3);
  run_plain({"merge", "s1", "s3", "--out", "merged"});
  const auto result = run({"sweep.json", "--resume", "merged"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_EQ(lines_of("merged/records.jsonl").size(), 16u);
}

TEST_F(Merge, a_shard_is_resumed_as_that_shard) {
  run_shards(four_comparisons(), 2);
  const auto other = run({"sweep.json", "--shard", "2/2", "--resume", "s1"});
  EXPECT_EQ(other.exit.exit_code, 2);
  EXPECT_THAT(other.error_tail, HasSubstr("shard: 2/2, was 1/2"));
  EXPECT_EQ(run({"sweep.json", "--shard", "1/2", "--resume", "s1"}).exit.exit_code, 0);
}

TEST_F(Merge, keeps_records_that_are_in_several_runs_once) {
  run_shards(four_comparisons(), 2);
  const auto result = run_plain({"merge", "s1", "s2", "s1", "--out", "merged"});
  EXPECT_EQ(result.exit.exit_code, 0) << result.error_tail;
  EXPECT_THAT(result.error_tail, HasSubstr(" in more than one run, kept once\n"));
  EXPECT_EQ(lines_of("merged/records.jsonl").size(), 16u);
}

TEST_F(Merge, refuses_other_sweeps_and_other_kinds_of_machine) {
  run_shards(four_comparisons(), 2);
  fs::copy("s2", "other", fs::copy_options::recursive);
  const auto edit = [](const std::string& pointer, const json& value) {
    auto origin = json::parse(read_file("s2/origin.json"));
    origin.at(json::json_pointer(pointer)) = value;
    write_file("other/origin.json", origin.dump());
  };
  edit("/sweep/data", "0");
  expect_refused({"s1", "other"},
                 "cannot merge other with s1: it is a run of another sweep (data: ");
  edit("/starts/0/machine/processors", "4096");
  expect_refused({"s1", "other"}, "another kind of machine (processors: 4096, was ");
}

TEST_F(Merge, refuses_a_comparison_of_two_machines) {
  run_shards(four_comparisons(), 2);
  fs::create_directory("half");
  for (const auto* file : {"origin.json", "run.json", "records.jsonl"}) {
    fs::copy(fs::path("s1") / file, fs::path("half") / file);
  }
  const auto all = lines_of("s1/records.jsonl");
  write_file("s1/records.jsonl", all[0] + "\n");
  write_file("half/records.jsonl", all[1] + "\n");
  auto origin = json::parse(read_file("half/origin.json"));
  origin["starts"][0]["machine"]["machine"] = "elsewhere";
  write_file("half/origin.json", origin.dump());
  expect_refused({"s1", "half"},
                 "are compared with each other and were measured on different "
                 "machines (machine: elsewhere, was ");
}

TEST_F(Merge, refuses_what_is_no_run) {
  run_shards(four_comparisons(), 2);
  expect_refused({"s1", "nowhere"}, "nowhere is not a run directory");
  fs::remove("s2/origin.json");
  expect_refused({"s1", "s2"},
                 "cannot merge s2: it has no origin.json that says where its records come from; "
                 "put it back, or leave this run out");
  EXPECT_EQ(run_plain({"merge", "s1", "--out", "s1"}).exit.exit_code, 2);
  EXPECT_EQ(run_plain({"merge", "--out", "merged"}).exit.exit_code, 2);
  for (const auto* shard : {"0/2", "3/2", "half"}) {
    EXPECT_EQ(run({"sweep.json", "--shard", shard}).exit.exit_code, 2) << shard;
  }
}

}  // namespace
}  // namespace apps
