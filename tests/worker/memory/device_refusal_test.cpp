#include "worker/memory/device_refusal.h"

#include <gtest/gtest.h>

namespace worker {
namespace {

using Reason = Refusal::Reason;

constexpr int64_t kMiB = int64_t{1} << 20;

TEST(DeviceRefusal, the_limit_is_blamed_only_where_the_device_had_room) {
  const Ledger ledger;
  const auto reason = [&](int64_t requested, int64_t free, bool limited) {
    return device_refusal(ledger, requested, free, limited).reason;
  };
  EXPECT_EQ(reason(64 * kMiB, 64 * kMiB, true), Reason::kLimit);
  EXPECT_EQ(reason(64 * kMiB, 64 * kMiB - 1, true), Reason::kDevice);
  EXPECT_EQ(reason(64 * kMiB, 64 * kMiB, false), Reason::kDevice);
  // A small request asks the device for a whole segment.
  EXPECT_EQ(reason(3 * kMiB, 20 * kMiB, true), Reason::kLimit);
  EXPECT_EQ(reason(3 * kMiB, 19 * kMiB, true), Reason::kDevice);
}

TEST(DeviceRefusal, has_what_was_asked_for_and_what_the_ledger_holds) {
  Ledger ledger;
  ledger.enter(train::Phase::kForward);
  ledger.allocate(1000);
  const auto refusal = device_refusal(ledger, 200, 30, true);
  EXPECT_EQ(refusal.phase, train::Phase::kForward);
  EXPECT_EQ(refusal.detail.requested_bytes, 200);
  EXPECT_EQ(refusal.detail.in_use_bytes, 1000);
  EXPECT_EQ(refusal.detail.in_use.total(), 1000);
  EXPECT_EQ(refusal.device_free_bytes, 30);
}

}  // namespace
}  // namespace worker
