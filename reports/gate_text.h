#pragma once

#include <string>
#include <vector>

#include "harness/analysis/gate_result.h"

namespace reports {

/// "12 cells: 10 passed, 1 improved, 1 failed".
std::string gate_counts(const harness::GateResult& result);

/// The time's change with its interval, "+1.20 % (-0.10 % to +2.50 %)"; "" where there is none.
std::string time_change_text(const std::optional<harness::TimeChange>& time);
/// The peak memory's change, "+0.50 %", or "=" where it is the same to the byte; "" where there is
/// none.
std::string memory_change_text(const std::optional<harness::MemoryChange>& memory);
/// "passed", or "passed → out_of_memory"; "not run" where there is no record.
std::string status_change_text(const harness::StatusChange& status);

/// Why a cell has its verdict, with the alarm that a second measurement cleared or repeated; ""
/// where it passed at once.
std::string verdict_reason(const harness::CellVerdict& cell);

/// What `bench_sweep gate` prints: a verdict line a cell, and the verdict of all.
std::string gate_text(const harness::GateResult& result, bool colour);

/// What `bench_sweep selftest` prints: the rates of false alarms and the share of slower cells.
std::string self_test_text(const std::vector<harness::GateResult>& gates);

}  // namespace reports
