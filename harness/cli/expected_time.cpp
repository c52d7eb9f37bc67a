#include "harness/cli/expected_time.h"

#include <map>
#include <set>

#include "harness/cli/launch_seconds.h"
#include "harness/cli/time_left.h"
#include "harness/launch/checker.h"

namespace harness {
namespace {

/// The same for cells that differ in their number of rounds alone.
std::string launch_key(Cell cell) {
  cell.measure.rounds = 1;
  return cell_key(cell);
}

}  // namespace

ExpectedTime expect_time(const Schedule& schedule, const std::vector<Record>& earlier) {
  ExpectedTime expected;
  TimeLeft time(schedule);
  std::map<std::string, std::size_t> cells;
  std::map<std::string, double> check_timeouts;
  for (std::size_t i = 0; i < schedule.cells.size(); ++i) {
    const auto& cell = schedule.cells[i].cell;
    if (schedule.cells[i].not_launched) continue;
    cells.emplace(launch_key(cell), i);
    check_timeouts.emplace(Checker::combination(cell), cell.measure.timeout_s);
  }
  for (const auto& launch : schedule.launches) {
    expected.longest_seconds += schedule.cells[launch.cell].cell.measure.timeout_s;
  }
  for (const auto& [combination, timeout_s] : check_timeouts) expected.longest_seconds += timeout_s;
  std::set<std::size_t> known;
  for (const auto& record : earlier) {
    const auto seconds = launch_seconds(record);
    if (record.status != Status::kPassed || !seconds) continue;
    const auto cell = cells.find(launch_key(record.cell));
    if (cell == cells.end()) continue;
    time.ran_before(cell->second, *seconds);
    known.insert(cell->second);
  }
  expected.cells = cells.size();
  expected.checks = check_timeouts.size();
  expected.known_cells = known.size();
  expected.seconds = time.seconds();
  return expected;
}

bool launches_alike(const Facts& machine, const Facts& other) {
  const auto alike = [&](const char* name) {
    const auto fact = machine.find(name);
    const auto of_other = other.find(name);
    return fact != machine.end() && of_other != other.end() && fact->second == of_other->second;
  };
  return alike("processor") && alike("processors");
}

}  // namespace harness
