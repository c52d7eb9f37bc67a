#include "harness/launch/planner.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/harness_error.h"
#include "harness/launch/process.h"
#include "harness/launch/worker_failure.h"
#include "harness/protocol/protocol_error.h"

namespace harness {
namespace {

constexpr const char* kLookForTheCause = "`bench_sweep doctor` looks for the cause";

constexpr std::size_t kReplyBytes = 256 * 1024 * 1024;

void check_reply(const PlanReply& reply, const std::vector<Cell>& cells) {
  if (!reply.data_error.empty()) return;
  if (reply.plans.size() != cells.size()) {
    throw ProtocolError(
        fmt::format("it returned {} plans for {} cells", reply.plans.size(), cells.size()));
  }
  if (reply.device.kind != cells.front().device.kind) {
    throw ProtocolError(fmt::format("it planned for device '{}' where '{}' was asked for",
                                    reply.device.kind, cells.front().device.kind));
  }
}

}  // namespace

Planner::Planner(const WorkerAccess& worker, double timeout_s)
    : process_(worker_command(worker.program, "--plan")),
      stop_fd_(worker.stop_fd),
      timeout_s_(timeout_s) {}

PlanReply Planner::plan(const std::vector<Cell>& cells) {
  PlanReply reply;
  for (std::size_t begin = 0; begin < cells.size(); begin += kCellsAtOnce) {
    const auto end = std::min(begin + kCellsAtOnce, cells.size());
    auto part = plan_at_once({cells.begin() + static_cast<std::ptrdiff_t>(begin),
                              cells.begin() + static_cast<std::ptrdiff_t>(end)});
    reply.device = std::move(part.device);
    std::move(part.plans.begin(), part.plans.end(), std::back_inserter(reply.plans));
  }
  return reply;
}

PlanReply Planner::plan_at_once(const std::vector<Cell>& cells) {
  const auto answer = ask(nlohmann::json(cells).dump() + "\n");
  PlanReply reply;
  try {
    reply = parse_single_line(answer).get<PlanReply>();
    check_reply(reply, cells);
  } catch (const std::exception& error) {
    throw HarnessError(fmt::format("bench_worker --plan answered wrongly: {}; {}", error.what(),
                                   kLookForTheCause));
  }
  if (!reply.data_error.empty()) throw DataError(reply.data_error);
  return reply;
}

std::string Planner::ask(const std::string& line) {
  const auto deadline = ChildProcess::Clock::now() +
                        std::chrono::milliseconds(static_cast<int64_t>(timeout_s_ * 1000));
  process_.send(line);
  auto& output = process_.output();
  for (;;) {
    const auto event = process_.pump(deadline, stop_fd_);
    if (const auto end = output.find('\n'); end != output.npos) {
      auto answer = output.substr(0, end);
      output.erase(0, end + 1);
      return answer;
    }
    if (output.size() > kReplyBytes) {
      throw HarnessError(
          fmt::format("bench_worker --plan wrote without end; {}", kLookForTheCause));
    }
    switch (event) {
      case ChildProcess::Event::kProgress:
        break;
      case ChildProcess::Event::kExited: {
        const auto said = last_line(process_.error_tail());
        const auto exit = process_.kill_and_wait();
        const auto how = exit.signal != 0 ? "was killed by " + signal_name(exit.signal)
                                          : fmt::format("ended with status {}", exit.exit_code);
        throw HarnessError(fmt::format("bench_worker --plan {} before it answered{}{}; {}", how,
                                       said.empty() ? "" : ": ", said, kLookForTheCause));
      }
      case ChildProcess::Event::kDeadline:
        throw HarnessError(fmt::format("bench_worker --plan did not answer within {:g} s; {}",
                                       timeout_s_, kLookForTheCause));
      case ChildProcess::Event::kStopped:
        throw Interrupted();
    }
  }
}

}  // namespace harness
