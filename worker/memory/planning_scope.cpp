#include "worker/memory/planning_scope.h"

#include <stdexcept>

namespace worker {
namespace {

thread_local PlanningScope* current_scope = nullptr;

}  // namespace

PlanningScope::PlanningScope(Ledger& ledger, PlannedDevice device, int64_t threads)
    : ledger_(ledger), device_(device), threads_(threads) {
  if (current_scope != nullptr) throw std::logic_error("this thread is planning already");
  current_scope = this;
}

PlanningScope::~PlanningScope() {
  current_scope = nullptr;
}

PlanningScope* PlanningScope::current() {
  return current_scope;
}

}  // namespace worker
