#include "kernels/core/cuda_emulator/shadow.h"

#include <algorithm>
#include <bit>

namespace kernels::cuda_emulator {

Conflict ShadowCell::order_of_write(const Moment& now) const {
  if (write_interval_ < now.launch) return Conflict::kNone;
  if (write_interval_ < now.block) return Conflict::kOtherBlock;
  if (write_interval_ < now.interval || writer_ == now.thread) return Conflict::kNone;
  const bool same_warp = writer_ / kWarpLanes == now.warp();
  const bool seen = same_warp && now.view[writer_ % kWarpLanes] >= write_clock_;
  return seen ? Conflict::kNone : Conflict::kUnordered;
}

uint32_t ShadowCell::readers_not_before(const Moment& now) const {
  if (reader_warp_ != now.warp()) return reader_lanes_;
  uint32_t result = 0;
  for (uint32_t lanes = reader_lanes_; lanes != 0; lanes &= lanes - 1) {
    const auto lane = static_cast<uint32_t>(std::countr_zero(lanes));
    if (lane != now.lane() && now.view[lane] < read_clock_) result |= 1U << lane;
  }
  return result;
}

Finding ShadowCell::order_of_reads(const Moment& now) const {
  const bool of_other_block = read_interval_ >= now.launch && read_interval_ < now.block;
  if (of_other_block || read_by_blocks_of_ == now.launch) return {Conflict::kOtherBlock};
  if (read_interval_ < now.interval) return {};
  const uint32_t readers = readers_not_before(now);
  if (readers == 0) return {};
  if (reader_warp_ == kManyWarps) return {Conflict::kUnordered, false, kManyWarps};
  const auto lane = static_cast<uint32_t>(std::countr_zero(readers));
  return {Conflict::kUnordered, false, static_cast<uint16_t>(reader_warp_ * kWarpLanes + lane)};
}

void ShadowCell::note_read(const Moment& now) {
  const uint32_t lane = 1U << now.lane();
  if (read_interval_ != now.interval) {
    if (read_interval_ >= now.launch && read_interval_ < now.block) {
      read_by_blocks_of_ = now.launch;
    }
    read_interval_ = now.interval;
    reader_warp_ = now.warp();
    reader_lanes_ = lane;
    read_clock_ = now.clock;
    return;
  }
  if (reader_warp_ != now.warp()) {
    reader_warp_ = kManyWarps;
    return;
  }
  // Who comes after this read comes after those that it comes after.
  if (readers_not_before(now) == 0) {
    reader_lanes_ = 0;
    read_clock_ = 0;
  }
  reader_lanes_ |= lane;
  read_clock_ = std::max(read_clock_, now.clock);
}

Finding ShadowCell::read(const Moment& now) {
  if (in_flight_) return {Conflict::kInFlight, true, writer_};
  const Conflict conflict = order_of_write(now);
  if (conflict != Conflict::kNone) return {conflict, true, writer_};
  note_read(now);
  return {};
}

Finding ShadowCell::write(const Moment& now, bool atomic) {
  if (in_flight_) return {Conflict::kInFlight, true, writer_};
  if (!(atomic && write_is_atomic_)) {
    const Conflict conflict = order_of_write(now);
    if (conflict != Conflict::kNone) return {conflict, true, writer_};
  }
  const Finding finding = order_of_reads(now);
  if (finding.conflict != Conflict::kNone) return finding;
  write_interval_ = now.interval;
  write_clock_ = now.clock;
  writer_ = now.thread;
  write_is_atomic_ = atomic;
  read_interval_ = 0;
  return {};
}

}  // namespace kernels::cuda_emulator
