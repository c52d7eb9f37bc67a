// From scores and dP to dropout(P) and dS, in place, by blocks of query rows.

#include <cstdint>

#include "kernels/core/dropout_bits.h"
#include "kernels/core/vector-inl.h"
#include "kernels/flash_attention/dropout_band-inl.h"
#include "kernels/flash_attention/element_store-inl.h"
#include "kernels/flash_attention/exponential2-inl.h"
#include "kernels/flash_attention/scratch.h"

#if defined(KERNELS_FLASH_ATTENTION_SCORE_GRADIENTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_FLASH_ATTENTION_SCORE_GRADIENTS_INL_H_
#undef KERNELS_FLASH_ATTENTION_SCORE_GRADIENTS_INL_H_
#else
#define KERNELS_FLASH_ATTENTION_SCORE_GRADIENTS_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

/// P = exp(scale * scores - log_sum_exp), dropout(P) but for its scale, and
/// dS = P * (dropout(dP) - mean).
template <class Element>
class ScoreGradients {
 public:
  using Scratch = flash_attention::BackwardScratch<Element>;

  ScoreGradients(const DropoutStream& stream, int64_t sequence, int64_t head, int64_t keys,
                 float scale)
      : dropout_(stream, sequence, head),
        keys_(keys),
        scale_(scale * kLog2E),
        keep_scale_(static_cast<float>(dropout_scale(stream.probability))) {}

  /// Rows first ... first + rows of the sequence, a multiple of kRows. Float: `scores` and
  /// `d_scores` become dropout(P) and dS. Pairs: the even row of two becomes their pairs, and
  /// `d_rows` is dS by rows. Zeros behind the last key.
  void run(const Scratch& scratch, int64_t first, int64_t rows) const {
    for (int64_t row = 0; row < rows; row += kRows) run_band(scratch, first, row);
  }

  /// dS as the left-hand side of dS k.
  static flash_attention::LeftSide d_scores_by_rows(const Scratch& scratch, int64_t rows) {
    if constexpr (kRows == 1) {
      return by_rows(scratch.d_scores, rows);
    } else {
      return by_rows(scratch.d_rows, rows);
    }
  }

 private:
  static constexpr int kRows = sizeof(Element) < sizeof(float) ? 2 : 1;

  HWY_INLINE void run_band(const Scratch& scratch, int64_t first, int64_t row) const {
    const int64_t pitch = scratch.scores.pitch;
    float* scores = scratch.scores.data + row * pitch;
    float* d_scores = scratch.d_scores.data + row * pitch;
    const Floats scale = broadcast(scale_);
    const Floats keep_scale = broadcast(keep_scale_);
    Floats log_sum_exp[kRows];
    Floats mean[kRows];
    for (int r = 0; r < kRows; ++r) {
      log_sum_exp[r] = broadcast(kLog2E * scratch.log_sum_exp[row + r]);
      mean[r] = broadcast(scratch.mean[row + r]);
    }
    dropout_.for_each_vector(
        first + row, keys_,
        [&](int64_t i, int64_t lanes, const FloatMask(&drop)[kRows]) BENCH_INLINE_LAMBDA {
          Floats dropped[kRows];
          Floats gradient[kRows];
#pragma GCC unroll 2
          for (int r = 0; r < kRows; ++r) {
            const Floats shifted =
                hn::MulSub(load_full(scores + r * pitch + i), scale, log_sum_exp[r]);
            const Floats p = only(lanes, exponential2<Element>(shifted));
            const Floats d_p = hn::IfThenZeroElse(drop[r], load_full(d_scores + r * pitch + i));
            dropped[r] = hn::IfThenZeroElse(drop[r], p);
            gradient[r] = hn::Mul(p, hn::MulSub(d_p, keep_scale, mean[r]));
          }
          if constexpr (kRows == 1) {
            store_full(dropped[0], scores + i);
            store_full(gradient[0], d_scores + i);
          } else {
            bfloat16* by_rows = scratch.d_rows.data + row * scratch.d_rows.pitch + i;
            store_element(gradient[0], by_rows);
            store_element(gradient[1], by_rows + scratch.d_rows.pitch);
            store_pairs(dropped[0], dropped[1], scores + i);
            store_pairs(gradient[0], gradient[1], d_scores + i);
          }
        });
  }

  DropoutBand<kRows> dropout_;
  int64_t keys_;
  float scale_;  ///< of scores in the exponents of 2
  float keep_scale_;
};

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
