#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "harness/analysis/run_analysis.h"
#include "reports/table.h"

namespace reports {

/// Numbers the cells of a run through all its groups, so that tables, plots and records of the page
/// can point at one another. The numbers are those of the rows of memory.csv.
class CellNumbers {
 public:
  explicit CellNumbers(const harness::RunAnalysis& analysis);

  /// Of a record's cell. Throws std::out_of_range where the run has no such cell.
  std::size_t of(const harness::Cell& cell) const;
  /// Of each row of a table: the cell that its axes, implementation, flags and micro-batch name,
  /// those of the candidate where it compares two. None where the columns do not name one cell.
  std::vector<std::optional<std::size_t>> of_rows(const Table& table) const;

 private:
  /// Axes' values, implementation, flags, micro-batch.
  using Key = std::tuple<std::vector<std::string>, std::string, std::string, std::string>;
  std::vector<std::string> axes_;
  std::unordered_map<std::string, std::size_t> by_identity_;
  std::map<Key, std::size_t> by_key_;
};

}  // namespace reports
