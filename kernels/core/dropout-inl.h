// The vector generator of dropout bits: the same bits as keep() of dropout_bits.h, 128 columns
// (16 counters) at a time.

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

/// What all bits of one row have in common. In the first two rounds most words do not depend on the
/// column, so they are computed here once.
class DropoutRow {
 public:
  DropoutRow(const PhiloxKey& key, uint64_t sequence, uint32_t row) : key_(key) {
    // Counter {c, row, lo, hi}: the first round's words 0 and 1 are the same for every c.
    const PhiloxCounter first = philox_round(
        {0, row, static_cast<uint32_t>(sequence), static_cast<uint32_t>(sequence >> 32)}, key);
    word0_ = first[0];
    word1_ = first[1];
    sequence_high_ = static_cast<uint32_t>(sequence >> 32);
  }

  /// Writes the words of group `group` (columns group * 128 ...).
  HWY_INLINE void generate(uint32_t group, GroupWords& words) const {
    for (uint32_t i = 0; i < 16; i += kLanes) generate_counters(group * 16 + i, i, words);
  }

 private:
#if HWY_TARGET == HWY_SCALAR
  void generate_counters(uint32_t counter, uint32_t at, GroupWords& words) const {
    // The state after the first round, and the key that the second expects.
    const uint64_t product = uint64_t{Philox::kMultiplier0} * counter;
    PhiloxCounter state = {word0_, word1_,
                           static_cast<uint32_t>(product >> 32) ^ sequence_high_ ^ key_[1],
                           static_cast<uint32_t>(product)};
    PhiloxKey key = key_;
    for (int round = 1; round < Philox::kRounds; ++round) {
      key = {key[0] + Philox::kWeyl0, key[1] + Philox::kWeyl1};
      state = philox_round(state, key);
    }
    for (size_t w = 0; w < 4; ++w) words.word[w][at] = state[w];
  }
#else
  using WideTag = hn::RepartitionToWide<WordTag>;
  using Wide = hn::Vec<WideTag>;

  static HWY_INLINE Wide wide(uint32_t value) {
    return hn::Set(WideTag(), value);
  }

  /// The 64-bit products of the lanes' lower halves; upper halves may hold anything.
  static HWY_INLINE Wide multiply(Wide a, uint32_t factor) {
    const WordTag d;
    return hn::MulEven(hn::BitCast(d, a), hn::BitCast(d, wide(factor)));
  }

  /// Even counters in one vector and odd ones in another, each in the lower half of a 64-bit lane:
  /// so the products need no shuffling.
  HWY_INLINE void generate_counters(uint32_t first_counter, uint32_t at, GroupWords& words) const {
    const WideTag d;
    const Wide even = hn::Iota(d, 0);
    Wide counter = hn::Add(hn::Add(even, even), wide(first_counter));
    Wide a[4];
    Wide b[4];
    rounds(counter, a);
    rounds(hn::Add(counter, wide(1)), b);
    for (int w = 0; w < 4; ++w) {
      const Wide pair = hn::BitCast(d, hn::OddEven(hn::BitCast(WordTag(), hn::ShiftLeft<32>(b[w])),
                                                   hn::BitCast(WordTag(), a[w])));
      hn::Store(hn::BitCast(WordTag(), pair), WordTag(), &words.word[w][at]);
    }
  }

  HWY_INLINE void rounds(Wide counter, Wide out[4]) const {
    uint32_t key0 = key_[0];
    uint32_t key1 = key_[1];
    // 1. The first round: words 2 and 3 alone depend on the counter.
    const Wide product = multiply(counter, Philox::kMultiplier0);
    Wide word2 = hn::Xor(hn::ShiftRight<32>(product), wide(sequence_high_ ^ key1));
    Wide word3 = product;
    key0 += Philox::kWeyl0;
    key1 += Philox::kWeyl1;
    // 2. The second: word 0 is the same for every counter, so is its product.
    const uint64_t product0 = uint64_t{Philox::kMultiplier0} * word0_;
    const Wide product1 = multiply(word2, Philox::kMultiplier1);
    Wide word0 = hn::Xor(hn::ShiftRight<32>(product1), wide(word1_ ^ key0));
    Wide word1 = product1;
    word2 = hn::Xor(word3, wide(static_cast<uint32_t>(product0 >> 32) ^ key1));
    word3 = wide(static_cast<uint32_t>(product0));
    // 3. The rest.
    for (int round = 2; round < Philox::kRounds; ++round) {
      key0 += Philox::kWeyl0;
      key1 += Philox::kWeyl1;
      const Wide p0 = multiply(word0, Philox::kMultiplier0);
      const Wide p1 = multiply(word2, Philox::kMultiplier1);
      word0 = hn::Xor3(hn::ShiftRight<32>(p1), word1, wide(key0));
      word1 = p1;
      word2 = hn::Xor3(hn::ShiftRight<32>(p0), word3, wide(key1));
      word3 = p0;
    }
    out[0] = word0;
    out[1] = word1;
    out[2] = word2;
    out[3] = word3;
  }
#endif

  PhiloxKey key_;
  uint32_t word0_;
  uint32_t word1_;
  uint32_t sequence_high_;
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
    if (!stream_.enabled()) {
      HWY_NAMESPACE::for_each_vector(columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
        body(i, lanes, hn::Lt(zero(), zero()));
      });
      return;
    }
    if (head != head_) {
      key_ = dropout_key(stream_, head);
      head_ = head;
    }
    const DropoutRow bits(key_, static_cast<uint64_t>(stream_.first_sequence + sequence),
                          static_cast<uint32_t>(row));
    GroupWords words;
    for (int64_t column = 0; column < columns; column += kGroupColumns) {
      bits.generate(static_cast<uint32_t>(column / kGroupColumns), words);
      for (int64_t w = 0; w < 4 && column + w * 32 < columns; ++w) {
        const int64_t first = column + w * 32;
        for_each_in_run<16>(words.word[w], first, columns, body);
        for_each_in_run<0>(words.word[w], first + 16, columns, body);
      }
    }
  }

 private:
  /// Sixteen columns from the lower (kShift = 16) or upper (0) halves of sixteen words: the halves
  /// are compared at the top of their lanes, where what lies below cannot change the outcome.
  template <int kShift, class Body>
  HWY_INLINE void for_each_in_run(const uint32_t* words, int64_t first, int64_t columns,
                                  const Body& body) const {
    const WordTag d;
    for (int64_t lane = 0; lane < 16; lane += kLanes) {
      const int64_t left = columns - first - lane;
      if (left <= 0) return;
      const Words uniform = hn::ShiftLeft<kShift>(hn::Load(d, words + lane));
      const FloatMask drop = hn::RebindMask(FloatTag(), hn::Lt(uniform, hn::Set(d, threshold_)));
      if (left >= kLanes) {
        body(first + lane, kLanes, drop);
      } else {
        body(first + lane, left, drop);
      }
    }
  }

  DropoutStream stream_;
  uint32_t threshold_;
  float scale_;
  int64_t head_ = -1;
  PhiloxKey key_{};
};

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
