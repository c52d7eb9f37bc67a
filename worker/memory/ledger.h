#pragma once

#include <array>
#include <cstdint>

#include "harness/protocol/memory_footprint.h"
#include "train/phase_observer.h"

namespace worker {

/// What a ledger must be told again when a block is freed; kept beside the block.
struct Allocation {
  int64_t bytes = 0;
  uint64_t ledger = 0;    ///< Ledger::id() of the ledger that counts it; 0: none
  uint64_t sequence = 0;  ///< how many blocks the ledger had counted before it
  uint32_t epoch = 0;     ///< which phase, counted from the start
  train::Phase phase = train::Phase::kSetup;
  bool scratch = false;
};

/// Counts live and peak bytes of one run, real or planned, by category
/// (harness/protocol/memory_footprint.h). A block's category follows from the phase it was
/// allocated in and from whether it outlived that phase, which is known only later. So the current
/// phase's blocks are `open` until it ends; at the peak their sum is kept, and each of them that is
/// freed before the phase ends moves from there to the workspace. Constant cost per block, no log.
///
/// Scratch (what a GEMM library takes for itself) is counted apart: `peak_bytes` is the most bytes
/// live at once with it, the categories are those of the moment where the tensors alone peaked, and
/// `library_scratch_bytes` = `other` is what scratch adds to the tensors' peak.
///
/// Not thread-safe.
class Ledger final : public train::PhaseObserver {
 public:
  Ledger();

  /// Ends the current phase: what it allocated and did not free gets its category.
  void enter(train::Phase phase) override;

  Allocation allocate(int64_t bytes, bool scratch = false);
  /// `allocation` must be this ledger's.
  void release(const Allocation& allocation);
  /// A live block turned out to be scratch.
  void reclassify_as_scratch(Allocation& allocation);

  uint64_t id() const { return id_; }
  train::Phase phase() const { return phase_; }
  int64_t live_bytes() const { return tensor_bytes_ + scratch_bytes_; }
  /// Live bytes now. What the current phase has not freed yet counts as what outlives it.
  harness::BytesByCategory live() const;
  harness::MemoryFootprint footprint() const;

 private:
  using BytesByPhase = std::array<int64_t, 4>;

  struct Peak {
    int64_t bytes = 0;
    BytesByPhase settled = {};
    int64_t open = 0;
    int64_t workspace = 0;
    uint64_t sequence = 0;
    uint32_t epoch = 0;
    train::Phase phase = train::Phase::kSetup;
  };

  void forget_tensor(const Allocation& allocation);

  uint64_t id_;
  train::Phase phase_ = train::Phase::kSetup;
  uint32_t epoch_ = 0;
  uint64_t sequence_ = 0;
  BytesByPhase settled_ = {};  ///< live blocks of ended phases, by the phase that allocated them
  int64_t open_ = 0;           ///< live blocks of the current phase
  int64_t tensor_bytes_ = 0;
  int64_t scratch_bytes_ = 0;
  int64_t total_peak_ = 0;
  Peak peak_;
};

}  // namespace worker
