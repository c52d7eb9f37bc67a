// Writes the run directory of a sweep that is larger than any in the tree: ROUNDS rounds of 1680
// cells (2 precisions, 3 sequence lengths, 28 flag sets of 3 implementations, 10 micro-batches), as
// a worker and the store would. Its times are made up.
//
// Usage: made_up_run DIR ROUNDS
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/store/record_log.h"
#include "harness/store/run_directory.h"
#include "tests/harness/analysis/run_builder.h"

namespace {

using namespace harness;

using Flags = std::vector<std::string>;

/// Every subset of the memory flags that may go together, as "all" gives them.
std::vector<Flags> flag_sets(const std::string& implementation) {
  if (implementation != "fused") return {{}, {"activation_checkpoint"}};
  const Flags single = {"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint",
                        "flash_attention", "remove_padding"};
  std::vector<Flags> sets;
  for (unsigned bits = 0; bits < 1U << single.size(); ++bits) {
    const bool excluded = (bits & 4U) != 0 && (bits & 8U) != 0;
    if (excluded) continue;
    Flags& flags = sets.emplace_back();
    for (std::size_t i = 0; i < single.size(); ++i) {
      if ((bits >> i & 1U) != 0) flags.push_back(single[i]);
    }
  }
  return sets;
}

std::vector<Cell> cells() {
  std::vector<Cell> all;
  for (const char* precision : {"fp32", "bf16"}) {
    for (const int64_t sequence : {128, 256, 384}) {
      for (int64_t micro_batch = 1; micro_batch <= 10; ++micro_batch) {
        for (const char* implementation : {"pytorch_eager", "pytorch_tuned", "fused"}) {
          for (const Flags& flags : flag_sets(implementation)) {
            Cell cell = make_cell(implementation, micro_batch, flags, precision);
            cell.sequence_length = sequence;
            cell.global_batch = micro_batch;
            all.push_back(cell);
          }
        }
      }
    }
  }
  return all;
}

Record passed_round(const Cell& cell, int64_t round) {
  const double seconds = 0.01 * static_cast<double>(cell.micro_batch) *
                         (cell.implementation == "fused" ? 1 : 2) *
                         (1 + 0.01 * static_cast<double>(round));
  Record record = make_passed(cell, round, seconds, cell.micro_batch, cell.micro_batch * 50 * kMiB);
  record.samples.assign(10, seconds);
  record.tokens.assign(10, 800);
  record.memory.planned = make_footprint(cell.micro_batch * 50 * kMiB);
  record.check = CheckResult{Status::kPassed, "", "loss", 1e-6, 1e-5, 40};
  record.environment = {{"cpu", "Example CPU"},
                        {"threads", 2},
                        {"affinity", {"0", "1"}},
                        {"load_average", 0.01 * static_cast<double>(round)},
                        {"libraries", {{"torch", "2.11.0"}, {"mkl", "2024.2"}}}};
  record.build = {{"commit", "abc123"}, {"compiler", "GNU 12.2.0"}, {"dirty", false}};
  record.repro = fmt::format("bench_sweep cell '{}'", nlohmann::json(cell).dump());
  return record;
}

void write_run(const std::filesystem::path& directory, int64_t rounds) {
  RunInfo info;
  info.name = "made_up";
  info.axes = {"implementation", "micro_batch", "sequence_length", "precision", "flags"};
  info.baseline = "best";
  info.device = {"cpu", true, ""};
  const std::vector<Cell> all = cells();
  for (const Cell& cell : all) info.plans.push_back(make_plan(cell, cell.micro_batch * 50 * kMiB));
  std::filesystem::create_directories(directory);
  write_run_info(directory, info);
  std::ofstream log(records_path(directory));
  for (int64_t round = 0; round < rounds; ++round) {
    for (const Cell& cell : all) {
      nlohmann::json json = passed_round(cell, round);
      json["checksum"] = record_checksum(json);
      log << json.dump() << '\n';
    }
  }
  if (!log.flush()) throw std::runtime_error("cannot write " + records_path(directory).string());
}

}  // namespace

int main(int count, char** values) {
  try {
    if (count != 3) throw std::invalid_argument("usage: made_up_run DIR ROUNDS");
    write_run(values[1], std::stoll(values[2]));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "made_up_run: " << error.what() << '\n';
    return 1;
  }
}
