#include "worker/memory/meta_allocator.h"

#include <thread>

#include <gtest/gtest.h>

#include "worker/memory/planning_scope.h"

namespace worker {
namespace {

at::TensorOptions meta(at::ScalarType type) {
  return at::device(at::kMeta).dtype(type);
}

TEST(MetaAllocator, counts_in_the_sizes_of_the_planned_device) {
  install_meta_allocator();
  for (const auto& [device, bytes] :
       {std::pair{PlannedDevice::kCpu, 128}, {PlannedDevice::kCuda, 512}}) {
    Ledger ledger;
    const PlanningScope scope(ledger, device, 2);
    {
      const auto tensor = at::empty({17}, meta(at::kFloat));
      EXPECT_EQ(ledger.live_bytes(), bytes);
    }
    EXPECT_EQ(ledger.live_bytes(), 0);
    EXPECT_EQ(ledger.footprint().peak_bytes, bytes);
  }
}

TEST(MetaAllocator, nothing_is_counted_without_a_scope_or_in_anothers) {
  install_meta_allocator();
  auto outside = at::empty({17}, meta(at::kFloat));
  Ledger ledger;
  const PlanningScope scope(ledger, PlannedDevice::kCpu, 2);
  outside.reset();
  std::thread([] { at::empty({17}, meta(at::kFloat)); }).join();
  EXPECT_EQ(ledger.footprint().peak_bytes, 0);
}

TEST(MetaAllocator, views_take_nothing_and_terabytes_cost_nothing) {
  install_meta_allocator();
  Ledger ledger;
  const PlanningScope scope(ledger, PlannedDevice::kCpu, 2);
  const auto tensor = at::empty({int64_t{1} << 40}, meta(at::kFloat));
  const auto view = tensor.narrow(0, 1, 5);
  EXPECT_EQ(ledger.live_bytes(), int64_t{1} << 42);
}

}  // namespace
}  // namespace worker
