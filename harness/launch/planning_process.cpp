#include "harness/launch/planning_process.h"

#include <chrono>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/harness_error.h"
#include "harness/launch/footprint_check.h"
#include "harness/launch/process.h"
#include "harness/launch/worker_command.h"
#include "harness/launch/worker_failure.h"
#include "harness/protocol/protocol_error.h"

namespace harness {
namespace {

constexpr const char* kMode = "--plan";
constexpr const char* kLookForTheCause = "`bench_sweep doctor` looks for the cause";
constexpr std::size_t kReplyBytes = 256 * 1024 * 1024;

std::string name_of(const std::vector<std::string>& worker) {
  std::string name = std::filesystem::path(worker.front()).filename().string();
  for (std::size_t i = 1; i < worker.size(); ++i) name += " " + worker[i];
  return name + " " + kMode;
}

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
  for (const Plan& plan : reply.plans) {
    if (plan.footprint) check_footprint(*plan.footprint);
  }
}

}  // namespace

PlanningProcess::PlanningProcess(const std::vector<std::string>& worker, int stop_fd,
                                 double timeout_s)
    : name_(name_of(worker)),
      process_(worker_command(worker, kMode)),
      stop_fd_(stop_fd),
      timeout_s_(timeout_s) {}

PlanReply PlanningProcess::ask(const std::vector<Cell>& cells) {
  const auto answer = exchange(nlohmann::json(cells).dump() + "\n");
  try {
    auto reply = parse_single_line(answer).get<PlanReply>();
    check_reply(reply, cells);
    return reply;
  } catch (const std::exception& error) {
    throw HarnessError(
        fmt::format("{} answered wrongly: {}; {}", name_, error.what(), kLookForTheCause));
  }
}

std::string PlanningProcess::exchange(const std::string& line) {
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
      throw HarnessError(fmt::format("{} wrote without end; {}", name_, kLookForTheCause));
    }
    switch (event) {
      case ChildProcess::Event::kProgress:
        break;
      case ChildProcess::Event::kExited: {
        const auto said = last_line(process_.error_tail());
        const auto exit = process_.kill_and_wait();
        const auto how = exit.signal != 0 ? "was killed by " + signal_name(exit.signal)
                                          : fmt::format("ended with status {}", exit.exit_code);
        throw HarnessError(fmt::format("{} {} before it answered{}{}; {}", name_, how,
                                       said.empty() ? "" : ": ", said, kLookForTheCause));
      }
      case ChildProcess::Event::kDeadline:
        throw HarnessError(fmt::format("{} did not answer within {:g} s; {}", name_, timeout_s_,
                                       kLookForTheCause));
      case ChildProcess::Event::kStopped:
        throw Interrupted();
    }
  }
}

}  // namespace harness
