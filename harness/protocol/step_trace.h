#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/cell.h"

namespace harness {

/// What the cell's device reaches at best, on the CPU with the cell's number of threads, measured
/// beside the trace.
struct MachinePeaks {
  double fp32_flops_per_second = 0;  ///< multiply-adds that stay in registers, two FLOPs each
  /// On the CPU the same with bf16 dot products, on a GPU matrix products; none where the device
  /// has no such instruction.
  std::optional<double> bf16_flops_per_second;
  /// Matrix products of a GPU; none on the CPU. As JSON a key that is absent without a value.
  std::optional<double> fp16_flops_per_second;
  double copy_bytes_per_second = 0;  ///< read and written, of a copy larger than the caches
  bool operator==(const MachinePeaks&) const = default;
};

/// The calls of one operator in one phase of a traced step. Self time only: what an operator calls
/// has rows of its own, so that nothing is counted twice. On CUDA time is the device's, for what
/// the operator launched.
struct OperatorTime {
  std::string name;   ///< "aten::addmm"; kOutsideOperators, kDeviceIdle; on CUDA a kernel's that
                      ///< none launched
  std::string phase;  ///< "forward", "backward", "optimizer", or empty outside of them
  std::string precision;  ///< "fp32", "bf16", "fp16", "fp64"; empty without floating tensors
  int64_t calls = 0;
  double self_seconds = 0;
  int64_t flops = 0;  ///< of matrix products, a multiplication and an addition each one
  int64_t bytes = 0;  ///< of the tensors read and of those written
  bool operator==(const OperatorTime&) const = default;
};

/// The row of what a step spends between operators: the host's own work.
inline constexpr const char* kOutsideOperators = "(between operators)";

/// The row of a step on CUDA for the time in which the device does nothing; its calls are gaps.
inline constexpr const char* kDeviceIdle = "(device idle)";

/// One step with every operator recorded, and what the machine could do. What
/// `bench_worker --trace` returns.
struct StepTrace {
  /// With the cost of recording: comparable within the trace alone. On CUDA from the begin of what
  /// the device does first to the end of what it does last.
  double step_seconds = 0;
  int64_t threads = 0;
  MachinePeaks peaks;
  std::vector<OperatorTime> operators;  ///< their self times add up to the step
  bool operator==(const StepTrace&) const = default;
};

/// What became of the trace of one cell.
struct CellTrace {
  Cell cell;
  std::string file;     ///< the Chrome trace, relative to the run directory
  std::string failure;  ///< why there is no trace, one line; empty where there is one
  std::optional<StepTrace> step;
  bool operator==(const CellTrace&) const = default;
};

void to_json(nlohmann::json& json, const MachinePeaks& peaks);
void to_json(nlohmann::json& json, const StepTrace& trace);
void to_json(nlohmann::json& json, const CellTrace& trace);
/// Throw ProtocolError on a missing, mistyped or unknown key, on a negative number, and where a
/// trace neither has a step nor says why.
void from_json(const nlohmann::json& json, StepTrace& trace);
void from_json(const nlohmann::json& json, CellTrace& trace);

}  // namespace harness
