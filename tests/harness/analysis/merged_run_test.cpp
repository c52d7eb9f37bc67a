#include "harness/analysis/merged_run.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "harness/plan/shard.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Cell cell(const std::string& implementation, int64_t micro_batch,
          const std::string& data = "/a/data") {
  auto result = stubs::make_cell(implementation, micro_batch);
  result.data.file = data;
  return result;
}

Record record(const Cell& cell, int64_t round = 0, double seconds = 0.5) {
  Record result;
  result.cell = cell;
  result.round = round;
  result.samples = {seconds};
  result.tokens = {1};
  result.sequences_per_sample = 8;
  return result;
}

/// A run of the sweep (both implementations at 4 and 8), measured on `machine`.
RunPart part(const std::string& machine, const std::vector<Record>& records,
             const std::string& data = "/a/data") {
  RunPart result;
  result.name = "run_" + machine;
  result.origin.sweep = {{"name", "s"}, {"sweep file", "0123"}};
  result.origin.starts = {
      {"t", 0, {{"machine", machine}, {"processors", "8"}}, {{"worker", "12"}}}};
  result.info.name = "s";
  result.info.device = {"cpu", true, ""};
  for (const int64_t micro_batch : {4, 8}) {
    for (const char* const name : {"pytorch_eager", "fused"}) {
      result.info.plans.push_back({cell(name, micro_batch, data), {std::nullopt, "none"}});
    }
  }
  result.records = records;
  return result;
}

RunPart at_4(const std::string& machine) {
  return part(machine, {record(cell("pytorch_eager", 4)), record(cell("fused", 4))});
}
RunPart at_8(const std::string& machine) {
  return part(machine, {record(cell("pytorch_eager", 8)), record(cell("fused", 8))});
}

std::string refusal(const std::vector<RunPart>& parts, const MergePolicy& policy = {}) {
  try {
    merge_runs(parts, policy);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(MergedRun, has_every_record_and_knows_where_each_was_measured) {
  const auto a = at_4("a");
  const auto b = at_8("b");
  const auto merged = merge_runs({a, b}, {});
  auto expected = a.records;
  expected.insert(expected.end(), b.records.begin(), b.records.end());
  EXPECT_EQ(merged.records, expected);
  EXPECT_EQ(merged.repeated, 0u);
  EXPECT_EQ(merged.info, a.info);
  ASSERT_EQ(merged.origin.starts.size(), 2u);
  EXPECT_EQ(start_of(merged.origin, 1).machine.at("machine"), "a");
  EXPECT_EQ(start_of(merged.origin, 2).machine.at("machine"), "b");
}

TEST(MergedRun, of_shards_is_no_shard) {
  auto a = at_4("a");
  auto b = at_8("a");
  a.origin.sweep[kShardFact] = "1/2";
  b.origin.sweep[kShardFact] = "2/2";
  EXPECT_EQ(merge_runs({a, b}, {}).origin.sweep, at_4("a").origin.sweep);
}

TEST(MergedRun, can_be_merged_again) {
  auto ab = part("", {});
  const auto merged = merge_runs({at_4("a"), at_8("b")}, {});
  ab.origin = merged.origin;
  ab.records = merged.records;
  const auto again = merge_runs({at_8("b"), ab}, {});
  EXPECT_EQ(again.records.size(), 4u);
  EXPECT_EQ(again.repeated, 2u);
  EXPECT_EQ(start_of(again.origin, 0).machine.at("machine"), "b");
  EXPECT_EQ(start_of(again.origin, 2).machine.at("machine"), "a");
}

TEST(MergedRun, never_mixes_machines_in_one_comparison) {
  const auto a = part("a", {record(cell("pytorch_eager", 4))});
  const auto b = part("b", {record(cell("fused", 4))});
  for (const bool force : {false, true}) {
    EXPECT_THAT(refusal({a, b}, {.other_machine = force}),
                AllOf(HasSubstr("cannot merge run_b with run_a: fused at micro-batch 4, flags none "
                                "and pytorch_eager at micro-batch 4, flags none are compared"),
                      HasSubstr("(machine: b, was a)")));
  }
}

// A run that was resumed elsewhere by force is mixed by itself.
TEST(MergedRun, never_mixes_machines_of_one_part_either) {
  auto a = at_4("a");
  a.origin.starts.push_back(a.origin.starts[0]);
  a.origin.starts[1].first_record = 1;
  a.origin.starts[1].machine["machine"] = "b";
  EXPECT_THAT(refusal({a}), HasSubstr("were measured on different machines"));
}

TEST(MergedRun, takes_machines_that_are_alike_and_others_only_by_force) {
  auto b = at_8("b");
  EXPECT_EQ(refusal({at_4("a"), b}), "no error");
  b.origin.starts[0].machine["processors"] = "2";
  EXPECT_THAT(refusal({at_4("a"), b}), HasSubstr("another kind of machine (processors: 2, was 8)"));
  EXPECT_EQ(refusal({at_4("a"), b}, {.other_machine = true}), "no error");
}

TEST(MergedRun, takes_one_build_and_others_only_by_force) {
  auto b = at_8("a");
  b.origin.starts[0].build = {{"worker", "34"}};
  EXPECT_THAT(refusal({at_4("a"), b}),
              HasSubstr("another build of the worker (worker: 34, was 12)"));
  EXPECT_EQ(refusal({at_4("a"), b}, {.other_build = true}), "no error");
}

TEST(MergedRun, is_of_one_sweep_and_one_plan) {
  auto b = at_8("a");
  b.origin.sweep["sweep file"] = "4567";
  EXPECT_THAT(refusal({at_4("a"), b}),
              HasSubstr("it is a run of another sweep (sweep file: 4567, was 0123)"));
  b = at_8("a");
  b.info.plans.pop_back();
  EXPECT_THAT(refusal({at_4("a"), b}), HasSubstr("has other plans"));
  b = at_8("a");
  b.info.baseline = "fused";
  EXPECT_THAT(refusal({at_4("a"), b}), HasSubstr("has other plans"));
}

TEST(MergedRun, finds_the_same_cell_wherever_its_data_lies) {
  auto b = part("a", {record(cell("fused", 8, "/b/data"))}, "/b/data");
  EXPECT_EQ(refusal({at_4("a"), b}), "no error");
  b.records = {record(cell("fused", 4, "/b/data"))};
  EXPECT_THAT(refusal({at_4("a"), b}), HasSubstr("and differ"));
}

TEST(MergedRun, keeps_a_record_that_two_parts_have_once_and_refuses_two_that_differ) {
  const auto merged = merge_runs({at_4("a"), at_4("a")}, {});
  EXPECT_EQ(merged.records.size(), 2u);
  EXPECT_EQ(merged.repeated, 2u);
  const auto other = part("a", {record(cell("fused", 4), 0, 0.25)});
  EXPECT_THAT(
      refusal({at_4("a"), other}),
      HasSubstr("records 2 there and 1 here are both of fused at micro-batch 4, flags none, "
                "round 0, and differ"));
}

TEST(MergedRun, has_the_device_where_any_part_has_it) {
  auto absent = part("a", {});
  absent.info.device = {"cpu", false, "no driver is loaded"};
  EXPECT_TRUE(merge_runs({absent, at_8("a")}, {}).info.device.available);
}

TEST(MergedRun, joins_traces_each_once) {
  auto a = at_4("a");
  auto b = at_8("a");
  a.info.traces = {{cell("fused", 4), "trace/4.json", "", {}}};
  b.info.traces = {{cell("fused", 4), "trace/4.json", "", {}},
                   {cell("fused", 8), "trace/8.json", "", {}}};
  EXPECT_EQ(merge_runs({a, b}, {}).info.traces.size(), 2u);
}

TEST(MergedRun, of_nothing_is_none) {
  EXPECT_THROW(merge_runs({}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace harness
