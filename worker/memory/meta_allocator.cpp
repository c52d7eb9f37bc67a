#include "worker/memory/meta_allocator.h"

#include <c10/core/Allocator.h>

#include "worker/memory/planning_scope.h"

namespace worker {
namespace {

constexpr uint8_t kPriority = 100;  // above LibTorch's own

void release(void* context) {
  auto* const block = static_cast<PlanningScope::Block*>(context);
  auto* const scope = PlanningScope::current();
  if (scope != nullptr && scope->ledger().id() == block->allocation.ledger) scope->release(*block);
  delete block;
}

class MetaAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    auto* const scope = PlanningScope::current();
    PlanningScope::Block* context = nullptr;
    if (scope != nullptr && bytes > 0) {
      context = new PlanningScope::Block(scope->allocate(static_cast<int64_t>(bytes)));
    }
    return {nullptr, context, context == nullptr ? &c10::detail::deleteNothing : &release,
            c10::Device(c10::kMeta)};
  }
  void copy_data(void*, const void*, std::size_t) const override {}
};

}  // namespace

void install_meta_allocator() {
  static MetaAllocator* const allocator = [] {
    auto* const created = new MetaAllocator();
    c10::SetAllocator(c10::kMeta, created, kPriority);
    return created;
  }();
  static_cast<void>(allocator);
}

}  // namespace worker
