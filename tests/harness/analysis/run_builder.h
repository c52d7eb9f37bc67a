#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/analysis/fit_table.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"

namespace harness {

inline constexpr int64_t kGiB = int64_t{1} << 30;
inline constexpr int64_t kMiB = int64_t{1} << 20;

/// A cell under a limit of 2 GiB.
inline Cell make_cell(const std::string& implementation, int64_t micro_batch,
                      const std::vector<std::string>& flags = {},
                      const std::string& precision = "fp32") {
  Cell cell;
  cell.implementation = implementation;
  cell.micro_batch = micro_batch;
  cell.sequence_length = 128;
  cell.precision = precision;
  cell.flags = flags;
  cell.model.preset = "minilm-l6";
  cell.model.layers = 6;
  cell.model.hidden = 384;
  cell.model.heads = 12;
  cell.model.intermediate = 1536;
  cell.device = {"cpu", 2 * kGiB, 0};
  cell.global_batch = 8;
  return cell;
}

inline MemoryFootprint make_footprint(int64_t peak_bytes) {
  const int64_t part = peak_bytes / 10;
  const BytesByCategory at_peak{part, part, 2 * part, 5 * part, part, peak_bytes - 10 * part};
  return {peak_bytes, at_peak, "backward", 0, std::nullopt};
}

inline PlannedCell make_plan(const Cell& cell, int64_t peak_bytes) {
  return {cell, {make_footprint(peak_bytes), ""}};
}

/// A passed record whose median sample is `seconds` for `sequences` sequences.
inline Record make_passed(const Cell& cell, int64_t round, double seconds, int64_t sequences = 8,
                          int64_t peak_bytes = 0) {
  Record record;
  record.cell = cell;
  record.round = round;
  record.samples = {seconds * 0.5, seconds, seconds * 4};
  record.tokens = {900, 800, 1000};
  record.sequences_per_sample = sequences;
  if (peak_bytes > 0) record.memory.measured = make_footprint(peak_bytes);
  return record;
}

inline Record make_failed(const Cell& cell, int64_t round, Status status,
                          const std::string& reason) {
  Record record;
  record.cell = cell;
  record.round = round;
  record.status = status;
  record.reason = reason;
  return record;
}

inline FitSegment make_fit(const Cell& cell, int64_t limit, int64_t from, int64_t to,
                           int64_t peak_bytes) {
  FitSegment fit{cell, limit, from, to, peak_bytes};
  fit.cell.micro_batch = to;
  return fit;
}

/// Fewest recomputed elements, then fewest flags.
inline bool cheaper(const Cell& a, const Cell& b) {
  static const std::map<std::string, int> recomputed = {{"normalize_invertible", 0},
                                                        {"gelu_checkpoint", 1},
                                                        {"attn_dropout_checkpoint", 2},
                                                        {"activation_checkpoint", 100}};
  const auto cost = [](const Cell& cell) {
    int sum = 0;
    for (const std::string& flag : cell.flags) sum += recomputed.at(flag);
    return std::pair(sum, cell.flags.size());
  };
  return cost(a) < cost(b);
}

}  // namespace harness
