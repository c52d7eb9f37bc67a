#include "worker/memory/device_refusal.h"

#include "worker/memory/caching_segments.h"

namespace worker {

Refusal device_refusal(const Ledger& ledger, int64_t requested_bytes, int64_t free_bytes,
                       bool limited) {
  const bool device_had_room = segment_bytes(requested_bytes) <= free_bytes;
  Refusal refusal;
  refusal.reason = limited && device_had_room ? Refusal::Reason::kLimit : Refusal::Reason::kDevice;
  refusal.detail = {requested_bytes, ledger.live_bytes(), ledger.live()};
  refusal.phase = ledger.phase();
  refusal.device_free_bytes = free_bytes;
  return refusal;
}

}  // namespace worker
