#include "worker/memory/planning_scope.h"

#include <stdexcept>

#include <ATen/Parallel.h>
#include <omp.h>

#include "model/meta_device.h"
#include "worker/memory/rounding.h"

namespace worker {
namespace {

thread_local PlanningScope* current_scope = nullptr;

}  // namespace

PlanningScope::PlanningScope(Ledger& ledger, PlannedDevice device, int64_t threads)
    : ledger_(ledger), device_(device), previous_threads_(at::get_num_threads()) {
  if (current_scope != nullptr) throw std::logic_error("this thread is planning already");
  // OpenMP's number is this thread's own; at::set_num_threads would also set the process's.
  omp_set_num_threads(static_cast<int>(threads));
  model::meta_stands_for_cuda = device == PlannedDevice::kCuda;
  current_scope = this;
}

PlanningScope::~PlanningScope() {
  current_scope = nullptr;
  model::meta_stands_for_cuda = false;
  omp_set_num_threads(previous_threads_);
}

PlanningScope::Block PlanningScope::allocate(int64_t bytes, bool scratch) {
  if (device_ == PlannedDevice::kCpu) {
    return {ledger_.allocate(rounded_bytes(bytes, kCpuGranularity), scratch)};
  }
  const auto address = segments_.allocate(bytes);
  return {ledger_.allocate(segments_.bytes(address), scratch), address};
}

void PlanningScope::release(const Block& block) {
  ledger_.release(block.allocation);
  if (device_ == PlannedDevice::kCuda) segments_.release(block.address);
}

harness::MemoryFootprint PlanningScope::footprint() const {
  auto footprint = ledger_.footprint();
  if (device_ == PlannedDevice::kCuda) footprint.reserved_bytes = segments_.reserved_bytes();
  return footprint;
}

PlanningScope* PlanningScope::current() {
  return current_scope;
}

}  // namespace worker
