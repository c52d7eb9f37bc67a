#include "harness/protocol/step_trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/protocol/run_info.h"
#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using nlohmann::json;
using testing::StartsWith;

CellTrace sample_trace() {
  StepTrace step;
  step.step_seconds = 0.5;
  step.threads = 2;
  step.peaks = {1e11, 2e11, std::nullopt, 3e10};
  step.operators = {{"aten::mm", "backward", "bf16", 3, 0.25, 600, 700},
                    {kOutsideOperators, "", "", 1, 0.25, 0, 0}};
  return {sample_cell(), "trace/a.json", "", step};
}

json as_json(const CellTrace& trace) {
  json document;
  to_json(document, trace);
  return document;
}

TEST(StepTrace, survives_json_text) {
  CellTrace back;
  from_json(json::parse(as_json(sample_trace()).dump()), back);
  EXPECT_EQ(back, sample_trace());
}

TEST(StepTrace, a_failed_trace_survives_json_text) {
  const CellTrace failed = {sample_cell(), "trace/a.json", "it crashed", std::nullopt};
  CellTrace back = sample_trace();
  from_json(json::parse(as_json(failed).dump()), back);
  EXPECT_EQ(back, failed);
}

TEST(StepTrace, a_peak_in_fp16_is_a_key_of_gpus_alone) {
  EXPECT_FALSE(as_json(sample_trace())["step"]["peaks"].contains("fp16_flops_per_second"));
  CellTrace trace = sample_trace();
  trace.step->peaks.fp16_flops_per_second = 4e11;
  CellTrace back;
  from_json(json::parse(as_json(trace).dump()), back);
  EXPECT_EQ(back, trace);
  from_json(as_json(sample_trace()), back);
  EXPECT_EQ(back, sample_trace()) << "nothing is left of what was there";
}

TEST(StepTrace, names_the_path_of_what_cannot_be) {
  const std::pair<const char*, json> bad[] = {
      {"/step/operators/0/calls", 0},
      {"/step/operators/0/flops", -1},
      {"/step/operators/1/bytes", -1},
      {"/step/operators/1/self_seconds", -1e-9},
      {"/step/peaks/fp32_flops_per_second", 0},
      {"/step/peaks/bf16_flops_per_second", 0},
      {"/step/peaks/fp16_flops_per_second", 0},
      {"/step/peaks/fp8_flops_per_second", 1},
      {"/step/peaks/copy_bytes_per_second", -1},
      {"/step/threads", 0},
      {"/step/step_seconds", 0},
      {"/failure", "although there is a step"},
  };
  for (const auto& [path, value] : bad) {
    json document = as_json(sample_trace());
    document[json::json_pointer(path)] = value;
    EXPECT_THAT(read_error<CellTrace>(document), StartsWith(path));
  }
  json neither = as_json(sample_trace());
  neither["step"] = nullptr;
  EXPECT_THAT(read_error<CellTrace>(neither), StartsWith("/failure"));
}

TEST(RunInfo, has_traces_only_where_cells_were_traced) {
  RunInfo info;
  json document;
  to_json(document, info);
  EXPECT_FALSE(document.contains("traces"));
  info.traces = {sample_trace()};
  to_json(document, info);
  RunInfo back;
  from_json(json::parse(document.dump()), back);
  EXPECT_EQ(back, info);
  document["traces"][0]["step"]["threads"] = "two";
  EXPECT_THAT(read_error<RunInfo>(document), StartsWith("/traces/0/step/threads: expected"));
}

}  // namespace
}  // namespace harness
