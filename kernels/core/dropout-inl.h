// The vector generator of dropout bits: the same bits as keep() of dropout_bits.h, 128 columns
// (16 counters) at a time.

#include <algorithm>
#include <cstdint>

#include "kernels/core/dropout_bits.h"
#include "kernels/core/vector-inl.h"

#if defined(KERNELS_CORE_DROPOUT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_CORE_DROPOUT_INL_H_
#undef KERNELS_CORE_DROPOUT_INL_H_
#else
#define KERNELS_CORE_DROPOUT_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

/// Columns that one set of 16 counters covers.
inline constexpr int64_t kGroupColumns = 128;

/// word[w] of counter i, of one group of columns.
struct alignas(64) GroupWords {
  uint32_t word[4][16];
};

/// The keys of Philox's rounds for one head, each filling a vector of 64-bit lanes.
struct alignas(64) RoundKeys {
  uint64_t key0[Philox::kRounds][8];
  uint64_t key1[Philox::kRounds][8];

  void set(PhiloxKey key) {
    for (int round = 0; round < Philox::kRounds; ++round) {
      std::fill_n(key0[round], 8, key[0]);
      std::fill_n(key1[round], 8, key[1]);
      key = {key[0] + Philox::kWeyl0, key[1] + Philox::kWeyl1};
    }
  }

  PhiloxKey at(int round) const {
    return {static_cast<uint32_t>(key0[round][0]), static_cast<uint32_t>(key1[round][0])};
  }
};

/// What all bits of one row have in common. In the first two rounds most words do not depend on the
/// column, so they are computed here once.
class DropoutRow {
 public:
  DropoutRow(const RoundKeys& keys, uint64_t sequence, uint32_t row)
      : keys_(keys), sequence_high_(static_cast<uint32_t>(sequence >> 32)) {
    // Counter {c, row, lo, hi}: the first round's words 0 and 1 are the same for every c.
    const PhiloxCounter first =
        philox_round({0, row, static_cast<uint32_t>(sequence), sequence_high_}, keys.at(0));
    word0_ = first[0];
    word1_ = first[1];
  }

  /// Writes the words of group `group` (columns group * 128 ...).
  HWY_INLINE void generate(uint32_t group, GroupWords& words) const {
    for (uint32_t i = 0; i < 16; i += kLanes) generate_counters(group * 16 + i, i, words);
  }

 private:
#if HWY_TARGET == HWY_SCALAR
  void generate_counters(uint32_t counter, uint32_t at, GroupWords& words) const {
    const uint64_t product = uint64_t{Philox::kMultiplier0} * counter;
    PhiloxCounter state = {word0_, word1_,
                           static_cast<uint32_t>(product >> 32) ^ sequence_high_ ^ keys_.at(0)[1],
                           static_cast<uint32_t>(product)};
    for (int round = 1; round < Philox::kRounds; ++round) {
      state = philox_round(state, keys_.at(round));
    }
    for (size_t w = 0; w < 4; ++w) words.word[w][at] = state[w];
  }
#else
  using WideTag = hn::RepartitionToWide<WordTag>;
  using Wide = hn::Vec<WideTag>;

  /// Counters' words in the lower halves of 64-bit lanes, so that products need no shuffling; what
  /// the upper halves hold does not matter.
  struct State {
    Wide word0;
    Wide word1;
    Wide word2;
    Wide word3;
  };

  static HWY_INLINE Wide wide(uint64_t value) {
    return hn::Set(WideTag(), value);
  }

  static HWY_INLINE Wide multiply(Wide a, uint32_t factor) {
    const WordTag d;
    return hn::MulEven(hn::BitCast(d, a), hn::BitCast(d, wide(factor)));
  }

  /// Rounds 0 and 1, in which the words that do not depend on the counter are scalars.
  HWY_INLINE State first_rounds(Wide counter) const {
    const Wide product = multiply(counter, Philox::kMultiplier0);
    const Wide word2 = hn::Xor(hn::ShiftRight<32>(product), wide(sequence_high_ ^ keys_.at(0)[1]));
    const uint64_t product0 = uint64_t{Philox::kMultiplier0} * word0_;
    const Wide product1 = multiply(word2, Philox::kMultiplier1);
    return {hn::Xor(hn::ShiftRight<32>(product1), wide(word1_ ^ keys_.at(1)[0])), product1,
            hn::Xor(product, wide((product0 >> 32) ^ keys_.at(1)[1])), wide(product0)};
  }

  static HWY_INLINE State round(const State& state, Wide key0, Wide key1) {
    const Wide product0 = multiply(state.word0, Philox::kMultiplier0);
    const Wide product1 = multiply(state.word2, Philox::kMultiplier1);
    return {hn::Xor3(hn::ShiftRight<32>(product1), state.word1, key0), product1,
            hn::Xor3(hn::ShiftRight<32>(product0), state.word3, key1), product0};
  }

  /// The even counters' rounds beside the odd ones', which keeps the multipliers busy.
  HWY_INLINE void generate_counters(uint32_t first_counter, uint32_t at, GroupWords& words) const {
    const Wide lanes = hn::Iota(WideTag(), 0);
    const Wide counter = hn::Add(hn::Add(lanes, lanes), wide(first_counter));
    State even = first_rounds(counter);
    State odd = first_rounds(hn::Add(counter, wide(1)));
#pragma GCC unroll 8
    for (int i = 2; i < Philox::kRounds; ++i) {
      const Wide key0 = hn::Load(WideTag(), keys_.key0[i]);
      const Wide key1 = hn::Load(WideTag(), keys_.key1[i]);
      even = round(even, key0, key1);
      odd = round(odd, key0, key1);
    }
    store_pairs(even.word0, odd.word0, &words.word[0][at]);
    store_pairs(even.word1, odd.word1, &words.word[1][at]);
    store_pairs(even.word2, odd.word2, &words.word[2][at]);
    store_pairs(even.word3, odd.word3, &words.word[3][at]);
  }

  static HWY_INLINE void store_pairs(Wide even, Wide odd, uint32_t* to) {
    const WordTag d;
    const Words high = hn::BitCast(d, hn::ShiftLeft<32>(odd));
    hn::Store(hn::OddEven(high, hn::BitCast(d, even)), d, to);
  }
#endif

  const RoundKeys& keys_;
  uint32_t sequence_high_;
  uint32_t word0_;
  uint32_t word1_;
};

/// Walks rows with the bits of a stream. Rows of one head should come together: its key is kept.
class DropoutRows {
 public:
  explicit DropoutRows(const DropoutStream& stream)
      : stream_(stream),
        threshold_(dropout_threshold(stream.probability) << 16),
        scale_(static_cast<float>(dropout_scale(stream.probability))) {}

  HWY_INLINE Floats scale() const { return broadcast(scale_); }

  /// body(column, lanes, drop) over a row of `columns`, `drop` the lanes to drop (none, when the
  /// stream is not enabled). `sequence` counts from the stream's first_sequence.
  template <class Body>
  HWY_INLINE void for_each_vector(int64_t sequence, int64_t head, int64_t row, int64_t columns,
                                  const Body& body) {
    const bool enabled = stream_.enabled();
    if (enabled && head != head_) {
      keys_.set(dropout_key(stream_, head));
      head_ = head;
    }
    const DropoutRow bits(keys_, static_cast<uint64_t>(stream_.first_sequence + sequence),
                          static_cast<uint32_t>(row));
    // Without a stream the threshold is 0, so that whatever the words are nothing is dropped.
    GroupWords words = {};
    int64_t column = 0;
    for (; column + kGroupColumns <= columns; column += kGroupColumns) {
      if (enabled) bits.generate(static_cast<uint32_t>(column / kGroupColumns), words);
      for (int64_t run = 0; run < kGroupColumns; run += 32) {
        const uint32_t* word = words.word[run / 32];
        for (int64_t lane = 0; lane < 16; lane += kLanes) {
          body(column + run + lane, kLanes, dropped_lanes(word + lane, 16));
        }
        for (int64_t lane = 0; lane < 16; lane += kLanes) {
          body(column + run + 16 + lane, kLanes, dropped_lanes(word + lane, 0));
        }
      }
    }
    if (column == columns) return;
    if (enabled) bits.generate(static_cast<uint32_t>(column / kGroupColumns), words);
    for (int64_t i = 0; i < columns - column; i += kLanes) {
      const FloatMask drop = dropped_lanes(words.word[i / 32] + i % 16, i % 32 < 16 ? 16 : 0);
      body(column + i, std::min(columns - column - i, kLanes), drop);
    }
  }

 private:
  /// Of words' lower (shift = 16) or upper (0) halves: they are compared at the top of their lanes,
  /// where what lies below cannot change the outcome.
  HWY_INLINE FloatMask dropped_lanes(const uint32_t* words, int shift) const {
    const WordTag d;
    const Words uniform = hn::ShiftLeftSame(hn::Load(d, words), shift);
    return hn::RebindMask(FloatTag(), hn::Lt(uniform, hn::Set(d, threshold_)));
  }

  DropoutStream stream_;
  uint32_t threshold_;
  float scale_;
  int64_t head_ = -1;
  RoundKeys keys_{};
};

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
