#include "harness/launch/checker.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/launch/process.h"
#include "harness/launch/worker_failure.h"
#include "harness/protocol/protocol_error.h"

namespace harness {
namespace {

/// Throws ProtocolError where no check can have found that.
void require_sense(const CheckResult& check) {
  const auto require = [](bool holds, const char* problem) {
    if (!holds) throw ProtocolError(problem);
  };
  const bool passed = check.status == Status::kPassed;
  require(passed || check.status == Status::kIncorrect || check.status == Status::kMistrusted ||
              check.status == Status::kUnsupported,
          "a check is passed, incorrect, mistrusted or unsupported");
  require(passed == check.reason.empty(),
          "a check must carry a reason exactly where it did not pass");
  require(check.reason.find('\n') == std::string::npos, "its reason has several lines");
  if (!passed) return;
  require(check.tensors > 0, "it passed without comparing a tensor");
  require(check.worst_error >= 0 && check.worst_error <= check.tolerance,
          "it passed with an error above its tolerance");
}

CheckResult proved_nothing(const std::string& why) {
  CheckResult result;
  result.status = Status::kMistrusted;
  result.reason = "the correctness check proved nothing: " + why;
  return result;
}

}  // namespace

std::string Checker::combination(const Cell& cell) {
  return fmt::format("{}{}{} {} {} {}", cell.implementation, cell.flags.empty() ? "" : "+",
                     cell.flags.empty() ? "" : cell.flags_text(), cell.precision,
                     cell.model.layer_norm, cell.model.gelu);
}

const CheckResult& Checker::check(const Cell& cell) {
  auto key = combination(cell);
  // The two sides of a gate on a simulated device are builds of one program.
  if (cell.device.simulated) key += nlohmann::json(*cell.device.simulated).dump();
  const auto known = results_.find(key);
  if (known != results_.end()) return known->second;
  return results_.emplace(key, run(cell)).first->second;
}

CheckResult Checker::run(const Cell& cell) const {
  Cell unlimited = cell;
  unlimited.device.memory_limit_bytes.reset();
  unlimited.device.reserved_bytes = 0;
  const auto oom_kills_before = oom_kill_count();
  const nlohmann::json request = {{"cell", unlimited}};
  const auto result = run_process(
      worker_command(worker_arguments(worker_, cell), "--check", cell.measure),
      request.dump() + "\n", {.timeout_s = cell.measure.timeout_s, .stop_fd = worker_.stop_fd});
  if (const auto failure =
          process_failure(result, cell.measure.timeout_s, oom_kill_count() - oom_kills_before)) {
    return proved_nothing(failure->reason);
  }
  try {
    auto check = parse_single_line(result.output).get<CheckResult>();
    require_sense(check);
    return check;
  } catch (const std::exception& error) {
    return proved_nothing(error.what());
  }
}

}  // namespace harness
