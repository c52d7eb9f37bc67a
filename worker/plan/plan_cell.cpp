#include "worker/plan/plan_cell.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "worker/cell_model.h"
#include "worker/memory/meta_allocator.h"
#include "worker/memory/meta_kernels.h"
#include "worker/plan/cuda_libraries.h"
#include "worker/plan/packed_steps.h"
#include "worker/support.h"
#include "worker/training_run.h"

namespace worker {
namespace {

/// From the second micro-batch on gradients exist already.
constexpr int64_t kPaddedMicroBatches = 2;

bool is_packed(const harness::Cell& cell) {
  return row_layout_of(cell) == model::RowLayout::kPacked;
}

/// Padded micro-batches are all of one shape; packed ones are those that the measurement sees.
int64_t accumulation_steps(const harness::Cell& cell) {
  return is_packed(cell) ? cell.accumulation_steps()
                         : std::min(cell.accumulation_steps(), kPaddedMicroBatches);
}

std::vector<uint64_t> steps_of(const harness::Cell& cell, const model::WindowDataset& data) {
  // The optimizer's state exists from the end of the first step on.
  if (!is_packed(cell)) return {0, 1};
  const auto measured = static_cast<uint64_t>(cell.measure.warmup_steps + cell.measure.steps);
  return largest_packed_steps(data, cell.micro_batch, measured);
}

PlannedDevice planned_device(const harness::Cell& cell) {
  return cell.device.kind == "cuda" ? PlannedDevice::kCuda : PlannedDevice::kCpu;
}

}  // namespace

harness::Plan plan_cell(const harness::Cell& cell, const model::Registry& registry,
                        const CellData& data) {
  install_meta_allocator();
  install_meta_kernels();
  if (const auto reason = unplannable_reason(cell, registry); !reason.empty()) return {{}, reason};
  Ledger ledger;
  const auto device = planned_device(cell);
  PlanningScope scope(ledger, device, resolved_threads(cell.measure));
  for (int i = 0; i < kCublasHandles && device == PlannedDevice::kCuda; ++i) {
    scope.allocate(cublas_workspace_bytes(), /*scratch=*/true);
  }
  const RunPlace place{at::kMeta, device, accumulation_steps(cell)};
  TrainingRun run(cell, registry, place, ledger, data);
  for (const uint64_t step : steps_of(cell, run.data())) run.step(step);
  return {scope.footprint(), ""};
}

std::vector<harness::Plan> plan_cells(const std::vector<harness::Cell>& cells,
                                      const model::Registry& registry, const CellData& data) {
  std::vector<harness::Plan> plans(cells.size());
  std::vector<std::exception_ptr> failures(cells.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < cells.size(); i = next++) {
      try {
        plans[i] = plan_cell(cells[i], registry, data);
      } catch (...) {
        failures[i] = std::current_exception();
      }
    }
  };
  const auto thread_count = std::min<size_t>(std::thread::hardware_concurrency(), cells.size());
  std::vector<std::thread> threads;
  for (size_t i = 1; i < thread_count; ++i) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  return plans;
}

harness::PlanReply reply_to_plan_request(const std::vector<harness::Cell>& cells,
                                         const model::Registry& registry, const CellData& data) {
  harness::PlanReply reply;
  reply.device = device_status(cells.empty() ? "cpu" : cells.front().device.kind);
  try {
    reply.plans = plan_cells(cells, registry, data);
  } catch (const DataError& error) {
    reply.data_error = error.what();
  }
  return reply;
}

}  // namespace worker
