#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/protocol/check_reference.h"
#include "harness/protocol/plan.h"
#include "harness/protocol/record.h"
#include "harness/protocol/step_trace.h"
#include "machine/processors.h"
#include "tests/worker/test_cells.h"
#include "tests/worker/worker_process.h"

namespace worker {
namespace {

using nlohmann::json;

Outcome run_worker(const std::string& arguments, const std::string& input,
                   const std::string& environment = "") {
  return run_program("bench_worker", arguments, input, environment);
}

void expect_refused(const Outcome& outcome, int exit_status, const std::string& word) {
  EXPECT_EQ(outcome.exit_status, exit_status);
  EXPECT_TRUE(outcome.replies.empty());
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_NE(outcome.errors[0].find(word), std::string::npos) << outcome.errors[0];
}

TEST(WorkerMain, a_cell_gives_one_record_on_one_line) {
  const auto cell = small_cell("fused");
  const auto outcome = run_worker("", measure_request(cell));
  EXPECT_EQ(outcome.exit_status, 0);
  ASSERT_EQ(outcome.replies.size(), 1U);
  const auto record = json::parse(outcome.replies[0]).get<harness::Record>();
  EXPECT_EQ(record.status, harness::Status::kPassed);
  EXPECT_EQ(record.cell, cell);
  EXPECT_EQ(record.round, 1);
  EXPECT_TRUE(record.environment.contains("kernel_simd"));
}

TEST(WorkerMain, pinned_threads_run_where_they_were_told_and_the_record_says_where_they_ran) {
  const auto processors = machine::allowed_processors();
  const auto last = std::to_string(processors.back());
  auto cell = small_cell("fused");
  cell.measure.threads = 1;
  cell.measure.pinning = "compact";
  const auto outcome =
      run_worker("", measure_request(cell), "OMP_PROC_BIND=close OMP_PLACES='{" + last + "}'");
  ASSERT_EQ(outcome.replies.size(), 1U);
  const auto record = json::parse(outcome.replies[0]).get<harness::Record>();
  EXPECT_EQ(record.status, harness::Status::kPassed) << record.reason;
  EXPECT_EQ(record.environment.at("threads"), 1);
  EXPECT_EQ(record.environment.at("affinity"), json::array({last}));
  cell.measure.pinning = "none";
  const auto free = run_worker("", measure_request(cell));
  EXPECT_EQ(json::parse(free.replies.at(0)).at("environment").at("affinity"),
            json::array({machine::processor_list(processors)}));
}

TEST(WorkerMain, a_limit_that_does_not_hold_the_cell_is_a_record_too) {
  auto cell = small_cell("pytorch_eager");
  cell.device.memory_limit_bytes = 4 << 20;
  const auto outcome = run_worker("", measure_request(cell));
  EXPECT_EQ(outcome.exit_status, 0);
  ASSERT_EQ(outcome.replies.size(), 1U);
  const auto record = json::parse(outcome.replies[0]).get<harness::Record>();
  EXPECT_EQ(record.status, harness::Status::kOutOfMemory);
  EXPECT_GT(record.memory.out_of_memory.value().requested_bytes, 0);
}

TEST(WorkerMain, each_line_of_cells_gives_a_line_of_plans) {
  const json cells = {small_cell("fused"), small_cell("pytorch_tuned")};
  const auto outcome = run_worker("--plan", cells.dump() + "\n[]\n" + cells.dump() + "\n");
  EXPECT_EQ(outcome.exit_status, 0);
  ASSERT_EQ(outcome.replies.size(), 3U);
  EXPECT_EQ(outcome.replies[0], outcome.replies[2]);
  const auto reply = json::parse(outcome.replies[0]).get<harness::PlanReply>();
  EXPECT_EQ(reply.plans.size(), 2U);
  EXPECT_TRUE(reply.device.available);
  EXPECT_TRUE(json::parse(outcome.replies[1]).get<harness::PlanReply>().plans.empty());
}

TEST(WorkerMain, a_check_gives_one_result) {
  const auto outcome = run_worker("--check", json{{"cell", small_cell("fused")}}.dump());
  EXPECT_EQ(outcome.exit_status, 0);
  ASSERT_EQ(outcome.replies.size(), 1U);
  EXPECT_EQ(json::parse(outcome.replies[0]).get<harness::CheckResult>().status,
            harness::Status::kPassed);
}

TEST(WorkerMain, a_trace_gives_one_step_and_its_file) {
  const auto file = std::filesystem::path(testing::TempDir()) /
                    ("worker_main_trace_" + std::to_string(::getpid()) + ".json");
  const json request = {{"cell", small_cell("fused")}, {"file", file.string()}};
  const auto outcome = run_worker("--trace", request.dump());
  EXPECT_EQ(outcome.exit_status, 0);
  ASSERT_EQ(outcome.replies.size(), 1U);
  const auto step = json::parse(outcome.replies[0]).get<harness::StepTrace>();
  EXPECT_GT(step.operators.size(), 10U);
  EXPECT_GT(step.peaks.copy_bytes_per_second, 0);
  EXPECT_TRUE(std::filesystem::exists(file));
  std::filesystem::remove(file);
}

TEST(WorkerMain, a_reference_gives_what_must_agree_and_its_file) {
  const auto file = std::filesystem::path(testing::TempDir()) /
                    ("worker_main_reference_" + std::to_string(::getpid()) + ".safetensors");
  const json request = {{"cell", small_cell("not_of_this_house")}, {"file", file.string()}};
  const auto outcome = run_worker("--reference", request.dump());
  EXPECT_EQ(outcome.exit_status, 0);
  ASSERT_EQ(outcome.replies.size(), 1U);
  const auto reference = json::parse(outcome.replies[0]).get<harness::CheckReference>();
  EXPECT_EQ(reference.tensors.size(), 41U);
  EXPECT_EQ(reference.model.layers, 2);
  EXPECT_TRUE(std::filesystem::exists(file));
  std::filesystem::remove(file);
}

TEST(WorkerMain, input_that_is_no_request_is_refused_in_one_line) {
  expect_refused(run_worker("", ""), 2, "1:1: not JSON");
  expect_refused(run_worker("", "{"), 2, "1:2: not JSON");
  expect_refused(run_worker("", R"({"round": 0, "round": 1})"), 2,
                 "/round: the key is given twice");
  expect_refused(run_worker("", "[]"), 2, "cell, round, repro");
  expect_refused(run_worker("", R"({"cell": {}, "round": 0})"), 2, "cell, round, repro");
  expect_refused(run_worker("", R"({"cell": {}, "round": 0.5, "repro": ""})"), 2, "round");
  expect_refused(run_worker("", R"({"cell": {}, "round": 0, "repro": ""})"), 2, "missing");
  expect_refused(run_worker("--plan", "{}\n"), 2, "array");
  expect_refused(run_worker("--check", "7"), 2, "cell");
  expect_refused(run_worker("--trace", R"({"cell": {}})"), 2, "cell, file");
  expect_refused(run_worker("--trace", R"({"cell": {}, "file": 7})"), 2, "file");
  expect_refused(run_worker("--reference", R"({"cell": {}})"), 2, "cell, file");
  expect_refused(run_worker("--magic", ""), 2, "usage");
}

TEST(WorkerMain, a_name_that_this_build_lacks_is_refused) {
  auto cell = small_cell("magic");
  expect_refused(run_worker("", measure_request(cell)), 2, "magic");
  cell = small_cell("fused");
  cell.device.kind = "abacus";
  expect_refused(run_worker("", measure_request(cell)), 2, "abacus");
}

TEST(WorkerMain, a_data_file_that_is_not_there_is_a_crashed_record_that_names_it) {
  auto cell = small_cell("fused");
  cell.data.file = "/nowhere/windows.safetensors";
  const auto outcome = run_worker("", measure_request(cell));
  EXPECT_EQ(outcome.exit_status, 0);
  ASSERT_EQ(outcome.replies.size(), 1U);
  const auto record = json::parse(outcome.replies[0]).get<harness::Record>();
  EXPECT_EQ(record.status, harness::Status::kCrashed);
  EXPECT_EQ(record.phase, harness::Phase::kSetup);
  EXPECT_NE(record.reason.find("/nowhere/windows.safetensors"), std::string::npos);
}

TEST(WorkerMain, replies_before_a_bad_line_are_kept) {
  const json cells = {small_cell("fused")};
  const auto outcome = run_worker("--plan", cells.dump() + "\nnonsense\n");
  EXPECT_EQ(outcome.exit_status, 2);
  EXPECT_EQ(outcome.replies.size(), 1U);
  EXPECT_EQ(outcome.errors.size(), 1U);
}

}  // namespace
}  // namespace worker
