#include "worker/memory/ledger.h"

#include <algorithm>
#include <atomic>
#include <string>

#include "worker/memory/phase_names.h"

namespace worker {
namespace {

std::size_t index(train::Phase phase) {
  return static_cast<std::size_t>(phase);
}

/// The category of a block that outlives the phase that allocated it.
int64_t& category(harness::BytesByCategory& bytes, train::Phase phase) {
  switch (phase) {
    case train::Phase::kSetup:
      return bytes.weights;
    case train::Phase::kForward:
      return bytes.saved_activations;
    case train::Phase::kBackward:
      return bytes.gradients;
    case train::Phase::kOptimizer:
      return bytes.optimizer_state;
  }
  return bytes.other;
}

harness::BytesByCategory by_category(const std::array<int64_t, 4>& settled) {
  harness::BytesByCategory bytes;
  for (const auto phase : {train::Phase::kSetup, train::Phase::kForward, train::Phase::kBackward,
                           train::Phase::kOptimizer}) {
    category(bytes, phase) = settled[index(phase)];
  }
  return bytes;
}

uint64_t next_id() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

}  // namespace

Ledger::Ledger() : id_(next_id()) {}

void Ledger::enter(train::Phase phase) {
  settled_[index(phase_)] += open_;
  open_ = 0;
  phase_ = phase;
  ++epoch_;
}

Allocation Ledger::allocate(int64_t bytes, bool scratch) {
  const Allocation allocation{bytes, id_, sequence_++, epoch_, phase_, scratch};
  if (scratch) {
    scratch_bytes_ += bytes;
  } else {
    tensor_bytes_ += bytes;
    open_ += bytes;
    if (tensor_bytes_ > peak_.bytes) {
      peak_ = {tensor_bytes_, settled_, open_, 0, sequence_, epoch_, phase_};
    }
  }
  total_peak_ = std::max(total_peak_, live_bytes());
  return allocation;
}

void Ledger::release(const Allocation& allocation) {
  if (allocation.scratch) {
    scratch_bytes_ -= allocation.bytes;
    return;
  }
  forget_tensor(allocation);
  const bool held_at_peak =
      allocation.epoch == epoch_ && peak_.epoch == epoch_ && allocation.sequence < peak_.sequence;
  if (held_at_peak) {
    peak_.open -= allocation.bytes;
    peak_.workspace += allocation.bytes;
  }
}

void Ledger::reclassify_as_scratch(Allocation& allocation) {
  if (allocation.scratch) return;
  forget_tensor(allocation);
  const bool held_at_peak =
      allocation.epoch == epoch_ && peak_.epoch == epoch_ && allocation.sequence < peak_.sequence;
  if (held_at_peak) {
    peak_.open -= allocation.bytes;
    peak_.bytes -= allocation.bytes;
  }
  scratch_bytes_ += allocation.bytes;
  allocation.scratch = true;
}

void Ledger::forget_tensor(const Allocation& allocation) {
  tensor_bytes_ -= allocation.bytes;
  (allocation.epoch == epoch_ ? open_ : settled_[index(allocation.phase)]) -= allocation.bytes;
}

harness::BytesByCategory Ledger::live() const {
  auto bytes = by_category(settled_);
  category(bytes, phase_) += open_;
  bytes.other += scratch_bytes_;
  return bytes;
}

harness::MemoryFootprint Ledger::footprint() const {
  harness::MemoryFootprint footprint;
  footprint.peak_bytes = total_peak_;
  footprint.library_scratch_bytes = total_peak_ - peak_.bytes;
  footprint.at_peak = by_category(peak_.settled);
  category(footprint.at_peak, peak_.phase) += peak_.open;
  footprint.at_peak.workspace = peak_.workspace;
  footprint.at_peak.other = footprint.library_scratch_bytes;
  footprint.peak_phase = std::string(phase_name(peak_.phase));
  return footprint;
}

}  // namespace worker
