// Dropout bits of neighbouring rows, vector by vector side by side.

#include <algorithm>
#include <cstdint>

#include "kernels/core/dropout-inl.h"
#include "kernels/core/vector-inl.h"

#if defined(KERNELS_FLASH_ATTENTION_DROPOUT_BAND_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_FLASH_ATTENTION_DROPOUT_BAND_INL_H_
#undef KERNELS_FLASH_ATTENTION_DROPOUT_BAND_INL_H_
#else
#define KERNELS_FLASH_ATTENTION_DROPOUT_BAND_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

/// Walks the rows of one sequence and head, kRows at a time.
template <int kRows>
class DropoutBand {
 public:
  /// `sequence` counts from the stream's first_sequence.
  DropoutBand(const DropoutStream& stream, int64_t sequence, int64_t head)
      : enabled_(stream.enabled()),
        sequence_(static_cast<uint64_t>(stream.first_sequence + sequence)),
        threshold_(dropout_threshold(stream.probability) << 16) {
    if (enabled_) keys_.set(dropout_key(stream, head));
  }

  /// body(column, lanes, masks) for the vectors of `columns`; masks[i] = lanes to drop in `row` +
  /// i.
  template <class Body>
  HWY_INLINE void for_each_vector(int64_t row, int64_t columns, const Body& body) const {
    // Without a stream the threshold is 0, so that whatever the words are nothing is dropped.
    GroupWords words[kRows] = {};
    int64_t column = 0;
    for (; column + kGroupColumns <= columns; column += kGroupColumns) {
      generate(row, column, words);
      for (int64_t i = 0; i < kGroupColumns; i += kLanes) visit(column, i, kLanes, words, body);
    }
    if (column == columns) return;
    generate(row, column, words);
    for (int64_t i = 0; i < columns - column; i += kLanes) {
      visit(column, i, std::min(columns - column - i, kLanes), words, body);
    }
  }

 private:
  HWY_INLINE void generate(int64_t row, int64_t column, GroupWords (&words)[kRows]) const {
    if (!enabled_) return;
    for (int i = 0; i < kRows; ++i) {
      const DropoutRow bits(keys_, sequence_, static_cast<uint32_t>(row + i));
      bits.generate(static_cast<uint32_t>(column / kGroupColumns), words[i]);
    }
  }

  template <class Body>
  HWY_INLINE void visit(int64_t column, int64_t i, int64_t lanes, const GroupWords (&words)[kRows],
                        const Body& body) const {
    FloatMask masks[kRows];
    for (int row = 0; row < kRows; ++row) {
      masks[row] = dropped_lanes(words[row].word[i / 32] + i % 16, i % 32 < 16 ? 16 : 0);
    }
    body(column + i, lanes, masks);
  }

  /// Of words' lower (shift = 16) or upper (0) halves, compared at the top of their lanes.
  HWY_INLINE FloatMask dropped_lanes(const uint32_t* words, int shift) const {
    const WordTag d;
    const Words uniform = hn::ShiftLeftSame(hn::Load(d, words), shift);
    return hn::RebindMask(FloatTag(), hn::Lt(uniform, hn::Set(d, threshold_)));
  }

  bool enabled_;
  uint64_t sequence_;
  uint32_t threshold_;
  RoundKeys keys_{};
};

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
