#include "tests/reports/sample_run.h"

#include "tests/harness/analysis/run_builder.h"

namespace reports {

using namespace harness;

namespace {

const std::vector<std::string> kInvertible = {"normalize_invertible"};
const std::vector<std::string> kGelu = {"gelu_checkpoint"};
const std::vector<std::string> kBoth = {"normalize_invertible", "gelu_checkpoint"};
const std::vector<std::string> kAll = {"normalize_invertible", "gelu_checkpoint",
                                       "attn_dropout_checkpoint"};

/// Passed rounds 0.. of a cell, each with its seconds for one global step.
void add_passed(SampleRun& run, const Cell& cell, const std::vector<double>& seconds,
                int64_t peak_mib, int64_t scratch_mib = 0) {
  for (std::size_t round = 0; round < seconds.size(); ++round) {
    Record record = make_passed(cell, static_cast<int64_t>(round), seconds[round],
                                cell.sequences_per_step(), peak_mib * kMiB);
    record.memory.measured->library_scratch_bytes = scratch_mib * kMiB;
    run.records.push_back(record);
  }
}

void add_failed(SampleRun& run, const Cell& cell, int64_t round, Status status, Phase phase,
                const std::string& reason, const char* memory_source = "measured") {
  Record record = make_failed(cell, round, status, reason);
  record.phase = phase;
  record.memory.source = memory_source;
  run.records.push_back(record);
}

void plan_measured_run(RunInfo& info) {
  const auto plan = [&](const Cell& cell, int64_t mib) {
    info.plans.push_back(make_plan(cell, mib * kMiB));
  };
  plan(make_cell("pytorch_eager", 4), 1500);
  plan(make_cell("pytorch_tuned", 4), 1200);
  plan(make_cell("fused", 4), 900);
  plan(make_cell("fused", 4, kGelu), 850);
  plan(make_cell("pytorch_eager", 8), 2100);
  plan(make_cell("pytorch_tuned", 8), 1900);
  plan(make_cell("fused", 8), 1700);
  plan(make_cell("fused", 8, kInvertible), 1500);
  plan(make_cell("fused", 8, kGelu), 1600);
  plan(make_cell("pytorch_eager", 12), 3100);
  plan(make_cell("fused", 12), 2500);
  plan(make_cell("fused", 12, kInvertible), 2000);
  for (const char* name : {"pytorch_eager", "pytorch_tuned", "fused"}) {
    plan(make_cell(name, 4, {}, "bf16"), 700);
  }
  plan(make_cell("fused", 8, {}, "bf16"), 1000);

  const auto fit = [&](const Cell& cell, int64_t limit, int64_t to, int64_t mib) {
    info.fits.push_back(make_fit(cell, limit * kGiB, 1, to, mib * kMiB));
  };
  fit(make_cell("fused", 1), 1, 4, 900);
  fit(make_cell("fused", 1, kInvertible), 1, 5, 1010);
  fit(make_cell("pytorch_eager", 1), 2, 7, 1990);
  fit(make_cell("pytorch_tuned", 1), 2, 8, 1900);
  fit(make_cell("fused", 1), 2, 9, 1900);
  fit(make_cell("fused", 1, kInvertible), 2, 12, 2000);
  fit(make_cell("fused", 1, kGelu), 2, 10, 1950);
  fit(make_cell("fused", 1, kBoth), 2, 14, 2040);
  fit(make_cell("fused", 1, {}, "bf16"), 2, 18, 2047);
}

}  // namespace

SampleRun measured_run() {
  SampleRun run;
  run.info.name = "sample";
  run.info.axes = {"implementation", "precision", "micro_batch"};
  run.info.baseline = "pytorch_eager";
  run.info.flag_table_limits = {1 * kGiB};
  run.info.device = {"cpu", true, ""};
  plan_measured_run(run.info);

  add_passed(run, make_cell("pytorch_eager", 4), {4.0, 4.2, 3.8, 4.0, 4.4, 4.0}, 1503);
  add_passed(run, make_cell("pytorch_tuned", 4), {2.5, 2.5, 2.5}, 1200);
  add_failed(run, make_cell("pytorch_tuned", 4), 3, Status::kTimedOut, Phase::kBackward,
             "no answer within 300 s");
  add_passed(run, make_cell("fused", 4), {2.0, 2.1, 2.0, 1.6, 2.0, 2.5}, 908, 8);
  add_passed(run, make_cell("fused", 4, kGelu), {2.0, 2.0, 2.0, 4.0, 4.0, 4.4}, 850);
  add_failed(run, make_cell("pytorch_eager", 8), 0, Status::kOutOfMemory, Phase::kBackward,
             "100 MiB asked for with 2000 MiB of 2048 MiB in use");
  add_failed(run, make_cell("pytorch_tuned", 8), 0, Status::kCrashed, Phase::kForward,
             "signal 11, after \"step 1\" | \x1b[31mno line break\n");
  add_passed(run, make_cell("fused", 8), {1.6, 1.6, 1.6, 1.6, 1.6, 1.6}, 1700);
  add_passed(run, make_cell("fused", 8, kInvertible), {1.68, 1.68, 1.68, 1.68, 1.68, 1.68}, 1500);
  add_failed(run, make_cell("fused", 8, kGelu), 0, Status::kIncorrect, Phase::kSetup,
             "d_weight of layer 0 is off by 0.02, tolerance 0.001");
  add_failed(run, make_cell("fused", 12), 0, Status::kOutOfMemory, Phase::kSetup,
             "the plan needs 2500 MiB of 2048 MiB", "planned");
  add_passed(run, make_cell("fused", 12, kInvertible), {2.0, 2.0, 2.0, 2.0, 2.0, 2.0}, 2000);
  add_failed(run, make_cell("pytorch_eager", 4, {}, "bf16"), 0, Status::kMistrusted, Phase::kSetup,
             "the check compared only zeros");
  add_failed(run, make_cell("pytorch_tuned", 4, {}, "bf16"), 0, Status::kUnsupported, Phase::kSetup,
             "no bf16 here");
  add_failed(run, make_cell("fused", 4, {}, "bf16"), 0, Status::kSkipped, Phase::kSetup,
             "excluded by the sweep");
  for (Record& record : run.records) {
    record.environment = {
        {"cpu", "Example | CPU"}, {"libraries", {{"torch", "2.11.0"}}}, {"threads", 2}};
    record.build = {{"commit", "abc123"}};
  }
  run.records.back().environment["threads"] = 4;
  return run;
}

SampleRun two_optimizers_run() {
  const std::vector<std::string> flash = {"flash_attention"};
  const std::vector<std::string> packed = {"remove_padding"};
  const std::vector<std::string> both = {"flash_attention", "remove_padding"};
  SampleRun run;
  run.info.name = "optimizers";
  run.info.axes = {"implementation", "precision", "optimizer", "flags"};
  run.info.baseline = "best";
  run.info.device = {"cpu", true, ""};
  const auto add = [&](const std::string& implementation, const std::string& optimizer,
                       const std::vector<std::string>& flags, const std::vector<double>& seconds,
                       int64_t peak_mib) {
    Cell cell = make_cell(implementation, 8, flags);
    cell.optimizer = optimizer;
    cell.device.memory_limit_bytes = std::nullopt;
    run.info.plans.push_back(make_plan(cell, peak_mib * kMiB));
    add_passed(run, cell, seconds, peak_mib);
  };
  for (const std::string optimizer : {"adamw", "fused_adamw"}) {
    // What is not the optimizer takes twice as long as it takes with the plain one.
    const double step = optimizer == "adamw" ? 1.0 : 0.8;
    const int64_t state = optimizer == "adamw" ? 200 : 100;
    add("pytorch_eager", optimizer, {}, {8 * step, 8 * step, 8 * step, 8, 8 * step, 8 * step},
        1000 + state);
    add("fused", optimizer, {}, {4 * step, 4 * step, 4 * step, 4 * step, 4 * step, 4 * step},
        800 + state);
    add("fused", optimizer, kInvertible,
        {3.9 * step, 4.1 * step, 3.9 * step, 4 * step, 3.9 * step, 3.9 * step}, 750 + state);
    add("fused", optimizer, packed, {2 * step, 2 * step, 2 * step, 2 * step, 2 * step, 2 * step},
        500 + state);
    add("fused", optimizer, flash,
        {3.2 * step, 3.2 * step, 3.2 * step, 3.2 * step, 3.2 * step, 3.2 * step}, 600 + state);
    add("fused", optimizer, both, {1.6, 1.6, 1.6, 1.6, 1.6, 1.6}, 400 + state);
  }
  Cell lacking = make_cell("pytorch_tuned", 8);
  lacking.optimizer = "fused_adamw";
  lacking.device.memory_limit_bytes = std::nullopt;
  add_failed(run, lacking, 0, Status::kCrashed, Phase::kOptimizer, "signal 11");
  lacking.optimizer = "adamw";
  add_passed(run, lacking, {8, 8, 8, 8, 8, 8}, 1150);
  return run;
}

SampleRun planned_run() {
  const auto cell = [](const std::string& name, int64_t micro_batch,
                       const std::vector<std::string>& flags = {}) {
    Cell result = make_cell(name, micro_batch, flags, "fp16");
    result.device = {"cuda", 32 * kGiB, kGiB};
    result.global_batch = 24;
    return result;
  };
  SampleRun run;
  RunInfo& info = run.info;
  info.name = "planned";
  info.axes = {"implementation", "micro_batch"};
  info.baseline = "pytorch_eager";
  info.flag_table_limits = {16 * kGiB, 32 * kGiB};
  info.device = {"cuda", false, "this build has no CUDA"};
  info.plans = {make_plan(cell("pytorch_eager", 4), 12 * kGiB),
                make_plan(cell("fused", 4), 9 * kGiB), make_plan(cell("fused", 4, kAll), 7 * kGiB),
                make_plan(cell("pytorch_eager", 24), 40 * kGiB),
                make_plan(cell("fused", 24), 28 * kGiB)};
  info.fits = {make_fit(cell("pytorch_eager", 1), 16 * kGiB, 1, 5, 15 * kGiB),
               make_fit(cell("fused", 1), 16 * kGiB, 1, 9, 14 * kGiB),
               make_fit(cell("fused", 1, kAll), 16 * kGiB, 1, 14, 15 * kGiB),
               make_fit(cell("pytorch_eager", 1), 32 * kGiB, 1, 14, 30 * kGiB),
               make_fit(cell("fused", 1), 32 * kGiB, 1, 26, 31 * kGiB),
               make_fit(cell("fused", 1, kAll), 32 * kGiB, 1, 40, 31 * kGiB)};
  info.published = PublishedTables{
      "A tutorial, tables 2 to 4",
      {{32 * kGiB, 4, 37.78, 50.82, 1.3},
       {32 * kGiB, 24, std::nullopt, 60.70, 1.2},
       {16 * kGiB, 4, 36.34, 50.76, 1.4}},
      {{16 * kGiB, 4, "normalize_invertible"},
       {16 * kGiB, 12, "out_of_memory"},
       {32 * kGiB, 4, "none"},
       {32 * kGiB, 24, "normalize_invertible+gelu_checkpoint+attn_dropout_checkpoint"}}};
  for (const PlannedCell& planned : info.plans) {
    const bool over = planned.plan.footprint->peak_bytes > 31 * kGiB;
    add_failed(run, planned.cell, 0, over ? Status::kOutOfMemory : Status::kUnsupported,
               Phase::kSetup, over ? "the plan needs 40 GiB of 31 GiB" : "this build has no CUDA",
               "planned");
  }
  return run;
}

}  // namespace reports
