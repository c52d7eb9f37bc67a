#include "worker/memory/cpu_allocator.h"

#include <cmath>
#include <thread>

#include <gtest/gtest.h>

#include "worker/memory/planning_scope.h"

namespace worker {
namespace {

CpuAllocator& fresh_run(const RunOptions& options = {}) {
  auto& allocator = CpuAllocator::instance();
  allocator.begin_run(options);
  return allocator;
}

TEST(CpuAllocator, counts_tensors_in_rounded_bytes) {
  auto& allocator = fresh_run();
  {
    const auto tensor = at::empty({17}, at::kFloat);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.data_ptr()) % 64, 0U);
    EXPECT_EQ(allocator.ledger().live_bytes(), 128);
    const auto nothing = at::empty({0}, at::kFloat);
    EXPECT_EQ(allocator.ledger().live_bytes(), 128);
  }
  EXPECT_EQ(allocator.ledger().live_bytes(), 0);
  EXPECT_EQ(allocator.footprint().peak_bytes, 128);
}

TEST(CpuAllocator, reuses_a_freed_block) {
  fresh_run();
  const void* first = at::empty({1 << 20}, at::kFloat).data_ptr();
  EXPECT_EQ(at::empty({1 << 20}, at::kFloat).data_ptr(), first);
}

TEST(CpuAllocator, the_limit_lets_through_what_fits_and_nothing_more) {
  auto& allocator = fresh_run({.limit_bytes = 1024, .poison = false});
  const auto half = at::empty({128}, at::kFloat);
  EXPECT_NO_THROW(at::empty({128}, at::kFloat));
  allocator.ledger().enter(train::Phase::kBackward);
  EXPECT_THROW(at::empty({129}, at::kFloat), c10::OutOfMemoryError);
  const auto refusal = allocator.last_refusal();
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason, Refusal::Reason::kLimit);
  EXPECT_EQ(refusal->phase, train::Phase::kBackward);
  EXPECT_EQ(refusal->detail.requested_bytes, 576);
  EXPECT_EQ(refusal->detail.in_use_bytes, 512);
  EXPECT_EQ(refusal->detail.in_use, (harness::BytesByCategory{.weights = 512}));
  EXPECT_EQ(allocator.ledger().live_bytes(), 512);
}

TEST(CpuAllocator, what_the_machine_cannot_hold_is_its_own_reason) {
  auto& allocator = fresh_run();
  EXPECT_THROW(at::empty({int64_t{1} << 45}, at::kByte), c10::OutOfMemoryError);
  ASSERT_TRUE(allocator.last_refusal().has_value());
  EXPECT_EQ(allocator.last_refusal()->reason, Refusal::Reason::kMachine);
}

TEST(CpuAllocator, poison_makes_every_new_float_a_nan) {
  fresh_run();
  at::zeros({1000}, at::kFloat);
  fresh_run({.limit_bytes = {}, .poison = true});
  for (const auto type : {at::kFloat, at::kBFloat16, at::kDouble, at::kHalf}) {
    EXPECT_TRUE(at::empty({1000}, type).isnan().all().item<bool>()) << type;
  }
  fresh_run();
}

TEST(CpuAllocator, blocks_of_an_earlier_run_are_not_counted_when_freed) {
  fresh_run();
  auto old = at::empty({100}, at::kFloat);
  auto& allocator = fresh_run();
  const auto young = at::empty({16}, at::kFloat);
  old.reset();
  EXPECT_EQ(allocator.ledger().live_bytes(), 64);
}

TEST(CpuAllocator, raw_blocks_are_scratch_and_their_caller_is_known_afterwards) {
  auto& allocator = fresh_run();
  for (int round = 0; round < 2; ++round) {
    if (round == 1) allocator.begin_run({});
    const auto tensor = at::empty({16}, at::kFloat);
    allocator.raw_deallocate(allocator.raw_allocate(1000));
    EXPECT_EQ(allocator.footprint().peak_bytes, 64 + 1024) << round;
    EXPECT_EQ(allocator.footprint().library_scratch_bytes, 1024) << round;
  }
}

TEST(CpuAllocator, tensors_of_a_planning_thread_count_in_its_plan_of_a_cpu_alone) {
  auto& allocator = fresh_run();
  Ledger ledger;
  at::Tensor planned;
  {
    const PlanningScope scope(ledger, PlannedDevice::kCpu, 2);
    planned = at::empty({16}, at::kFloat);
    EXPECT_EQ(ledger.live_bytes(), 64);
  }
  Ledger cuda;
  {
    const PlanningScope scope(cuda, PlannedDevice::kCuda, 2);
    planned = at::empty({16}, at::kFloat);
  }
  EXPECT_EQ(cuda.footprint().peak_bytes, 0);
  EXPECT_EQ(allocator.footprint().peak_bytes, 0);
}

TEST(CpuAllocator, threads_share_one_count) {
  auto& allocator = fresh_run();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 1; i < 2000; ++i) {
        const auto tensor = at::empty({i % 97 + t}, at::kFloat);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(allocator.ledger().live_bytes(), 0);
  EXPECT_EQ(allocator.footprint().at_peak.total(), allocator.footprint().peak_bytes);
}

}  // namespace
}  // namespace worker
