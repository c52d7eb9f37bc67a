#include "simulated/fault.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "simulated/cost.h"
#include "simulated/draws.h"

namespace simulated {
namespace {

using harness::SimulatedFault;

constexpr const char* kOfTheCheck = "incorrect";

bool lasts(const SimulatedFault& fault) {
  return fault.kind == "sticky_error" || fault.kind == "drift";
}

/// `number`: of the fault in the device's list, so that two alike do not strike the same cells.
bool strikes(const SimulatedFault& fault, std::size_t number, const harness::Cell& cell,
             int64_t round) {
  auto draws = draws_of_cell(cell, fmt::format("fault {}", number));
  const bool struck = happens(fault.probability, draws);
  const int64_t last_round = std::max<int64_t>(cell.measure.rounds - 1, 0);
  const int64_t drawn = std::uniform_int_distribution<int64_t>(0, last_round)(draws);
  const int64_t first = fault.round.value_or(drawn);
  return struck && (lasts(fault) ? round >= first : round == first) &&
         harness::matches(fault.when, cell) &&
         footprint(cell).peak_bytes > fault.above_bytes.value_or(-1);
}

}  // namespace

std::optional<SimulatedFault> find_fault(const harness::Cell& cell, int64_t round) {
  const auto& faults = cell.device.simulated.value().faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].kind != kOfTheCheck && strikes(faults[i], i, cell, round)) return faults[i];
  }
  return std::nullopt;
}

bool fails_check(const harness::Cell& cell) {
  const auto& faults = cell.device.simulated.value().faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    auto draws = draws_of_check(cell, fmt::format("fault {}", i));
    if (faults[i].kind == kOfTheCheck && happens(faults[i].probability, draws) &&
        harness::matches(faults[i].when, cell)) {
      return true;
    }
  }
  return false;
}

}  // namespace simulated
