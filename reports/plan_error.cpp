#include "reports/plan_error.h"

namespace reports {

std::optional<double> plan_error(const harness::CellSummary& cell) {
  if (!cell.planned || !cell.measured || cell.planned->peak_bytes == 0) return std::nullopt;
  const int64_t difference =
      cell.measured->peak_bytes - cell.measured->library_scratch_bytes - cell.planned->peak_bytes;
  return static_cast<double>(difference) / static_cast<double>(cell.planned->peak_bytes);
}

}  // namespace reports
