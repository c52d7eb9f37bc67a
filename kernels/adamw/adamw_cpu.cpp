// AdamW over a list of tensors: one parallel region, each thread an even share of all elements.
// Bytes moved an element, read and written: 28 for float (value, gradient, two moments), 26 for
// bfloat16 (two halves, gradient, two moments). Every element is computed alone, with the same
// operations wherever in a vector it falls, so the bits do not depend on how threads share.

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/adamw/adamw.h"
#include "kernels/adamw/tensor_pieces.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/adamw/adamw_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

// ---- masters (split_master.h in vectors)

using SignedWordTag = hn::RebindToSigned<WordTag>;
using LowTag = hn::Rebind<int16_t, FloatTag>;

HWY_INLINE Floats load_master(const AdamWTensor<float>& tensor, int64_t at, int64_t lanes) {
  return load(tensor.value + at, lanes);
}

HWY_INLINE void store_master(Floats master, const AdamWTensor<float>& tensor, int64_t at,
                             int64_t lanes) {
  store(master, tensor.value + at, lanes);
}

HWY_INLINE Floats load_master(const AdamWTensor<bfloat16>& tensor, int64_t at, int64_t lanes) {
  HWY_ALIGN int16_t buffer[kLanes] = {};
  const int16_t* low = tensor.low + at;
  if (lanes != kLanes) {
    std::memcpy(buffer, low, static_cast<size_t>(lanes) * sizeof(int16_t));
    low = buffer;
  }
  const auto rest = hn::PromoteTo(SignedWordTag(), hn::LoadU(LowTag(), low));
  const Words upper = hn::BitCast(WordTag(), load(tensor.value + at, lanes));
  return hn::BitCast(FloatTag(), hn::Add(upper, hn::BitCast(WordTag(), rest)));
}

HWY_INLINE void store_master(Floats master, const AdamWTensor<bfloat16>& tensor, int64_t at,
                             int64_t lanes) {
  const WordTag d;
  const Words bits = hn::BitCast(d, master);
  const Words quiet = hn::And(hn::Or(bits, hn::Set(d, 0x00400000)), hn::Set(d, 0xffff0000));
  const Words kept = hn::IfThenElse(hn::RebindMask(d, hn::IsNaN(master)), quiet, bits);
  const Words upper = hn::Add(kept, hn::Set(d, 0x8000));
  const auto rest = hn::BitCast(LowTag(), hn::TruncateTo(HalfTag(), kept));
  if (lanes == kLanes) {
    store_upper_half(upper, tensor.value + at);
    hn::StoreU(rest, LowTag(), tensor.low + at);
    return;
  }
  HWY_ALIGN bfloat16 values[kLanes];
  HWY_ALIGN int16_t lows[kLanes];
  store_upper_half(upper, values);
  hn::StoreU(rest, LowTag(), lows);
  std::memcpy(tensor.value + at, values, static_cast<size_t>(lanes) * sizeof(bfloat16));
  std::memcpy(tensor.low + at, lows, static_cast<size_t>(lanes) * sizeof(int16_t));
}

// ---- the update

/// A step's numbers as the elements use them, from powers in double.
struct Coefficients {
  explicit Coefficients(const AdamWStep& step)
      : gradient_scale(wide(step.gradient_scale)),
        first_rate(wide(1 - step.beta1)),
        second_rate(wide(1 - step.beta2)),
        beta2(wide(step.beta2)),
        eps(wide(step.eps)),
        decay(wide(step.learning_rate * step.weight_decay)) {
    step_size = wide(step.learning_rate / bias_correction(step, step.beta1));
    root_scale = wide(1 / std::sqrt(bias_correction(step, step.beta2)));
  }

  static double bias_correction(const AdamWStep& step, double beta) {
    return step.bias_correction ? 1 - std::pow(beta, static_cast<double>(step.number)) : 1;
  }

  static Floats wide(double value) { return broadcast(static_cast<float>(value)); }

  Floats gradient_scale;
  Floats first_rate;
  Floats second_rate;
  Floats beta2;
  Floats eps;
  Floats decay;
  Floats step_size;   ///< learning rate over the first moment's bias correction
  Floats root_scale;  ///< 1 / sqrt(the second moment's bias correction)
};

/// `shared` and `tensor` are copied: what is written could otherwise be part of them, and they
/// would be read again for each vector.
template <bool kDecays, class T>
void update_piece(const Coefficients& shared, const AdamWTensor<T> tensor, int64_t first,
                  int64_t last) {
  const Coefficients step = shared;
  for_each_vector(last - first, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const int64_t at = first + i;
    const Floats g = hn::Mul(load(tensor.gradient + at, lanes), step.gradient_scale);
    const Floats m_before = load(tensor.first_moment + at, lanes);
    const Floats m = hn::MulAdd(step.first_rate, hn::Sub(g, m_before), m_before);
    const Floats v = hn::MulAdd(step.beta2, load(tensor.second_moment + at, lanes),
                                hn::Mul(step.second_rate, hn::Mul(g, g)));
    const Floats root = hn::MulAdd(hn::Sqrt(v), step.root_scale, step.eps);
    const Floats w = load_master(tensor, at, lanes);
    Floats change = hn::Mul(step.step_size, hn::Div(m, root));
    // Not a decay of 0: that would make NaN of an infinite weight.
    if constexpr (kDecays) change = hn::MulAdd(step.decay, w, change);
    store(m, tensor.first_moment + at, lanes);
    store(v, tensor.second_moment + at, lanes);
    store_master(hn::Sub(w, change), tensor, at, lanes);
  });
}

template <class T>
void adamw_elements(const AdamW<T>& args, RowBlock elements) {
  const Coefficients step(args.step);
  for_each_piece(args.tensors, elements.begin, elements.end,
                 [&](const AdamWTensor<T>& tensor, int64_t first, int64_t last) {
                   if (tensor.decays) {
                     update_piece<true>(step, tensor, first, last);
                   } else {
                     update_piece<false>(step, tensor, first, last);
                   }
                 });
}

BENCH_INSTANTIATE_ROWS(adamw_elements, AdamW)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

BENCH_DISPATCH_ROWS(adamw_elements, AdamW)

template <class T>
void adamw(const AdamW<T>& args) {
  // Threads share whole runs: of a tensor of a round size, whole vectors and cache lines.
  constexpr int64_t kRun = 1024;
  const int64_t total = total_count(args.tensors);
  parallel_for((total + kRun - 1) / kRun, kRun, [&](int64_t begin, int64_t end) {
    adamw_elements(args, {begin * kRun, std::min(end * kRun, total)});
  });
}

template void adamw(const AdamW<float>&);
template void adamw(const AdamW<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
