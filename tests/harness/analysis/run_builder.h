#pragma once

#include <string>
#include <vector>

#include "harness/analysis/fit_table.h"
#include "harness/plan/flag_order.h"
#include "harness/protocol/catalog.h"
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

/// Some flags of the program, fixed here so that the tests stay when its catalog changes.
inline Catalog flag_catalog() {
  Catalog catalog;
  catalog.flags = {{"normalize_invertible", true, Recompute::kNothing, {}, ""},
                   {"gelu_checkpoint", true, Recompute::kIntermediate, {}, ""},
                   {"attn_dropout_checkpoint", true, Recompute::kAttention, {}, ""},
                   {"flash_attention", true, Recompute::kAttentionTwice, {}, ""},
                   {"activation_checkpoint", true, Recompute::kLayer, {}, ""},
                   {"remove_padding", false, Recompute::kNothing, {}, "", "without padding"}};
  return catalog;
}

inline const FlagOrder cheaper = cheaper_flags(flag_catalog());

}  // namespace harness
