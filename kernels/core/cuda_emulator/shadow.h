#pragma once

#include <cstdint>

namespace kernels::cuda_emulator {

inline constexpr uint32_t kWarpLanes = 32;

/// A point in the run of one thread. Barrier intervals are numbered through all blocks and
/// launches: one begins with a launch, with a block and with each __syncthreads. Within an interval
/// only
/// __syncwarp orders, and only the lanes it names: `view[lane]` is the last clock of each lane of
/// the warp that lies before this point.
struct Moment {
  uint32_t launch;    ///< first interval of the launch
  uint32_t block;     ///< first interval of the block
  uint32_t interval;  ///< that of this moment
  uint32_t clock;     ///< of the thread, from 1
  uint16_t thread;    ///< its number in the block
  const uint32_t* view;

  uint32_t lane() const { return thread % kWarpLanes; }
  uint16_t warp() const { return static_cast<uint16_t>(thread / kWarpLanes); }
};

/// Why an access is an error.
enum class Conflict : uint8_t {
  kNone,
  kUnordered,   ///< a thread of this block touched the place, and nothing lies between
  kOtherBlock,  ///< a thread of another block of this launch touched the place
  kInFlight,    ///< cp.async still fills the place
};

struct Finding {
  Conflict conflict = Conflict::kNone;
  bool other_wrote = false;
  uint16_t other_thread = 0;
};

/// Who last touched two bytes of memory, the size of the kernels' smallest element: two threads
/// that touch the bytes of one such pair apart are taken for a race.
class ShadowCell {
 public:
  /// Checks the access against those before it, then remembers it.
  Finding read(const Moment& now);
  Finding write(const Moment& now, bool atomic);

  /// Between the start of a cp.async and the wait for it.
  void set_in_flight(bool in_flight) { in_flight_ = in_flight; }

 private:
  static constexpr uint16_t kManyWarps = 0xffff;

  Conflict order_of_write(const Moment& now) const;
  Finding order_of_reads(const Moment& now) const;
  uint32_t readers_not_before(const Moment& now) const;
  void note_read(const Moment& now);

  // The last write.
  uint32_t write_interval_ = 0;
  uint32_t write_clock_ = 0;
  uint16_t writer_ = 0;
  bool write_is_atomic_ = false;
  bool in_flight_ = false;
  // The reads since, of the latest interval: lanes of one warp, or kManyWarps.
  uint16_t reader_warp_ = 0;
  uint32_t read_interval_ = 0;
  uint32_t read_clock_ = 0;
  uint32_t reader_lanes_ = 0;
  /// The launch in which more than one block has read the place.
  uint32_t read_by_blocks_of_ = 0;
};

}  // namespace kernels::cuda_emulator
