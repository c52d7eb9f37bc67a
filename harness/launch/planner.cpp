#include "harness/launch/planner.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/harness_error.h"

namespace harness {
namespace {

/// What the worker of some of the cells said.
struct Part {
  std::vector<std::size_t> cells;  ///< their places among all cells
  PlanReply reply;
};

/// What a foreign worker that failed has said. It leaves unknown whether a device is there that the
/// driver's machine need not have.
PlanReply failed_reply(const std::vector<Cell>& cells, const std::string& reason) {
  PlanReply reply;
  reply.device.kind = cells.front().device.kind;
  reply.device.available = reply.device.kind != "cuda";
  if (!reply.device.available) reply.device.reason = reason;
  reply.plans.assign(cells.size(), Plan{std::nullopt, "", reason});
  return reply;
}

/// The replies as one. A device that another worker has found is there.
PlanReply join(std::vector<Part> parts, std::size_t cells) {
  PlanReply all;
  all.plans.resize(cells);
  const auto finder = std::find_if(parts.begin(), parts.end(),
                                   [](const Part& part) { return part.reply.device.available; });
  if (!parts.empty()) all.device = (finder == parts.end() ? parts.begin() : finder)->reply.device;
  for (auto& part : parts) {
    const auto& device = part.reply.device;
    for (std::size_t i = 0; i < part.cells.size(); ++i) {
      Plan& plan = part.reply.plans[i];
      const bool lacks_device = all.device.available && !device.available;
      all.plans[part.cells[i]] = lacks_device && plan.failure_reason.empty()
                                     ? Plan{std::nullopt, device.reason}
                                     : std::move(plan);
    }
  }
  return all;
}

}  // namespace

PlanReply Planner::plan(const std::vector<Cell>& cells) {
  std::map<WorkerArguments, std::size_t> part_of;
  std::vector<Part> parts;
  std::vector<std::vector<Cell>> questions;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto [place, is_new] =
        part_of.try_emplace(worker_arguments(worker_, cells[i]), parts.size());
    if (is_new) {
      parts.emplace_back();
      questions.emplace_back();
    }
    parts[place->second].cells.push_back(i);
    questions[place->second].push_back(cells[i]);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].reply = ask(questions[i]);
  }
  return join(std::move(parts), cells.size());
}

PlanReply Planner::ask(const std::vector<Cell>& cells) {
  const auto worker = worker_arguments(worker_, cells.front());
  if (cells.front().worker.empty()) return plan_with(worker, cells);
  try {
    return plan_with(worker, cells);
  } catch (const HarnessError& error) {
    return failed_reply(cells, error.what());
  }
}

PlanReply Planner::plan_with(const WorkerArguments& worker, const std::vector<Cell>& cells) {
  auto& process = processes_.try_emplace(worker, worker, worker_.stop_fd, timeout_s_).first->second;
  PlanReply reply;
  for (std::size_t begin = 0; begin < cells.size(); begin += kCellsAtOnce) {
    const auto end = std::min(begin + kCellsAtOnce, cells.size());
    auto part = process.ask({cells.begin() + static_cast<std::ptrdiff_t>(begin),
                             cells.begin() + static_cast<std::ptrdiff_t>(end)});
    if (!part.data_error.empty()) throw DataError(part.data_error);
    reply.device = std::move(part.device);
    std::move(part.plans.begin(), part.plans.end(), std::back_inserter(reply.plans));
  }
  return reply;
}

}  // namespace harness
