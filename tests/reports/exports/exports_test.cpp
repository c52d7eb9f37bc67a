#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/exports/bencher.h"
#include "reports/exports/benchmark.h"
#include "reports/exports/github_action_benchmark.h"
#include "reports/exports/google_benchmark.h"
#include "tests/harness/analysis/run_builder.h"
#include "tests/reports/sample_run.h"

namespace reports {
namespace {

using namespace harness;
using nlohmann::json;
using testing::ElementsAre;

class Exports : public testing::Test {
 protected:
  const SampleRun run_ = measured_run();
  const RunAnalysis analysis_ = analyze_run(run_.info, run_.records, flag_catalog());
  const std::vector<Benchmark> benchmarks_ = passed_benchmarks(analysis_);
};

// What ran out of memory, timed out or was incorrect has no time.
TEST_F(Exports, have_the_cells_that_passed_by_names_that_stay) {
  std::vector<std::string> names;
  for (const Benchmark& benchmark : benchmarks_) names.push_back(benchmark.name);
  EXPECT_THAT(names, ElementsAre("precision:fp32/pytorch_eager/flags:none/micro_batch:4",
                                 "precision:fp32/fused/flags:none/micro_batch:4",
                                 "precision:fp32/fused/flags:none/micro_batch:8",
                                 "precision:fp32/fused/flags:normalize_invertible/micro_batch:8",
                                 "precision:fp32/fused/flags:normalize_invertible/micro_batch:12"));
}

// pytorch_eager at micro-batch 4: a global batch of 8 in 4, 4.2, 3.8, 4, 4.4 and 4 s.
TEST_F(Exports, google_benchmark_has_a_repetition_a_round) {
  const json document = json::parse(google_benchmark_json(run_.info, benchmarks_));
  EXPECT_TRUE(document.at("context").at("caches").is_array());
  EXPECT_EQ(document.at("context").at("json_schema_version"), 1);
  ASSERT_EQ(document.at("benchmarks").size(), 5U * 6);
  const json& row = document.at("benchmarks")[1];
  EXPECT_EQ(row.at("name"), "precision:fp32/pytorch_eager/flags:none/micro_batch:4/real_time");
  EXPECT_EQ(row.at("run_type"), "iteration");
  EXPECT_EQ(row.at("repetitions"), 6);
  EXPECT_EQ(row.at("repetition_index"), 1);
  EXPECT_DOUBLE_EQ(row.at("real_time").get<double>(), 4200);
  EXPECT_EQ(row.at("time_unit"), "ms");
  EXPECT_DOUBLE_EQ(row.at("items_per_second").get<double>(), 8 / 4.2);
}

TEST_F(Exports, bencher_has_throughput_with_its_interval_and_peak_memory) {
  const json document = json::parse(bencher_json(benchmarks_));
  const json& measures = document.at("precision:fp32/pytorch_eager/flags:none/micro_batch:4");
  const json& throughput = measures.at("throughput");
  EXPECT_DOUBLE_EQ(throughput.at("value").get<double>(), 2);
  EXPECT_DOUBLE_EQ(throughput.at("lower_value").get<double>(), 8 / 4.4);
  EXPECT_DOUBLE_EQ(throughput.at("upper_value").get<double>(), 8 / 3.8);
  EXPECT_EQ(measures.at("peak-memory"), json({{"value", 1503 * kMiB}}));
  EXPECT_EQ(document.size(), 5U);
}

TEST_F(Exports, github_action_benchmark_has_what_is_bigger_when_better) {
  const json entries = json::parse(github_action_benchmark_json(benchmarks_));
  ASSERT_EQ(entries.size(), 5U);
  EXPECT_EQ(entries[0], json({{"name", "precision:fp32/pytorch_eager/flags:none/micro_batch:4"},
                              {"unit", "samples/s"},
                              {"value", 2.0},
                              {"range", "± 0.144"},  // (8 / 3.8 - 8 / 4.4) / 2
                              {"extra", "peak memory 1503.0 MiB"}}));
}

TEST_F(Exports, below_six_rounds_there_is_no_interval) {
  SampleRun run = measured_run();
  std::erase_if(run.records, [](const Record& record) { return record.round > 2; });
  const RunAnalysis analysis = analyze_run(run.info, run.records, flag_catalog());
  const std::vector<Benchmark> benchmarks = passed_benchmarks(analysis);
  const json bencher = json::parse(bencher_json(benchmarks));
  EXPECT_FALSE(bencher.front().at("throughput").contains("lower_value"));
  EXPECT_FALSE(json::parse(github_action_benchmark_json(benchmarks))[0].contains("range"));
}

TEST_F(Exports, an_empty_run_is_empty_in_every_format) {
  EXPECT_EQ(json::parse(google_benchmark_json({}, {})).at("benchmarks"), json::array());
  EXPECT_EQ(json::parse(bencher_json({})), json::object());
  EXPECT_EQ(json::parse(github_action_benchmark_json({})), json::array());
}

}  // namespace
}  // namespace reports
