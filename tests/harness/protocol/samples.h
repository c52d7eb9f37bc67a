#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "harness/protocol/protocol_error.h"
#include "harness/protocol/record.h"

namespace harness {

/// A cell with every field away from its default.
inline Cell sample_cell() {
  Cell cell;
  cell.implementation = "fused";
  cell.micro_batch = 6;
  cell.sequence_length = 128;
  cell.precision = "bf16";
  cell.optimizer = "fused_adamw";
  cell.flags = {"normalize_invertible", "gelu_checkpoint"};
  cell.model_axes = {{"gelu", "tanh"}, {"layers", "2"}};
  cell.model = {"bert-large", 2, 1024, 16, 4096, 30522, 512, 2, 1e-12, "pre", "tanh", 0.2, 0.25};
  cell.device = {"cuda", int64_t{1} << 34, int64_t{1} << 30};
  cell.data = {"windows", "/data/windows.safetensors"};
  cell.global_batch = 24;
  cell.measure = {3, 1, 5, 60.5, 2, 18446744073709551615ULL};
  return cell;
}

inline MemoryFootprint sample_footprint() {
  return {700, {100, 100, 200, 150, 140, 10}, "backward", 7, 1024};
}

/// A passed record with every optional set.
inline Record sample_record() {
  Record record;
  record.cell = sample_cell();
  record.round = 2;
  record.samples = {0.5, 0.25};
  record.tokens = {3900, 4100};
  record.sequences_per_sample = 24;
  record.check = CheckResult{Status::kPassed, "", "loss", 1e-5, 1e-4, 42};
  record.memory.planned = sample_footprint();
  record.memory.measured = sample_footprint();
  record.memory.out_of_memory = OutOfMemory{512, 1024, {1, 2, 3, 4, 5, 6}};
  record.environment = {{"threads", 2}};
  record.build = {{"commit", "abc"}};
  record.repro = "bench_sweep cell '{}'";
  return record;
}

/// What the ProtocolError says that reading `json` as a T throws; "" where none is thrown.
template <typename T>
std::string read_error(const nlohmann::json& json) {
  try {
    T value;
    from_json(json, value);
  } catch (const ProtocolError& error) {
    return error.what();
  }
  return "";
}

}  // namespace harness
