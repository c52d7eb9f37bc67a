// sqrt(sum of squares) over a list of tensors. The elements of all of them, one behind the other,
// are cut into kNormBlocks blocks; each is summed on its own, then the blocks in order. Bytes
// moved: each gradient read once.

#include <array>
#include <cmath>
#include <numeric>

#include "kernels/adamw/gradient_norm.h"
#include "kernels/adamw/norm_blocks.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/adamw/gradient_norm_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

using DoubleTag = hn::CappedTag<double, 8>;
using Doubles = hn::Vec<DoubleTag>;

HWY_INLINE Doubles load_doubles(const float* from) {
  return hn::PromoteTo(DoubleTag(), hn::LoadU(hn::Rebind<float, DoubleTag>(), from));
}

HWY_INLINE Doubles load_doubles(const bfloat16* from) {
  const auto halves = hn::LoadU(hn::Rebind<uint16_t, DoubleTag>(), &from->bits);
  const auto words = hn::ShiftLeft<16>(hn::PromoteTo(hn::Rebind<uint32_t, DoubleTag>(), halves));
  return hn::PromoteTo(DoubleTag(), hn::BitCast(hn::Rebind<float, DoubleTag>(), words));
}

template <class T>
double sum_of_squares(const T* values, int64_t count) {
  constexpr int64_t kStep = hn::MaxLanes(DoubleTag());
  // Four, so that an addition need not wait for the one before it.
  Doubles sum0 = hn::Zero(DoubleTag());
  Doubles sum1 = sum0;
  Doubles sum2 = sum0;
  Doubles sum3 = sum0;
  const auto add_square = [&](int64_t at, Doubles& sum) BENCH_INLINE_LAMBDA {
    const Doubles value = load_doubles(values + at);
    sum = hn::MulAdd(value, value, sum);
  };
  int64_t i = 0;
  for (; i + 4 * kStep <= count; i += 4 * kStep) {
    add_square(i, sum0);
    add_square(i + kStep, sum1);
    add_square(i + 2 * kStep, sum2);
    add_square(i + 3 * kStep, sum3);
  }
  const Doubles sum = hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3));
  double total = hn::GetLane(hn::SumOfLanes(DoubleTag(), sum));
  for (; i < count; ++i) {
    const double value = static_cast<double>(to_float(values[i]));
    total += value * value;
  }
  return total;
}

template <class T>
void sum_norm_blocks(const NormBlocks<T>& args, RowBlock blocks) {
  for (int64_t block = blocks.begin; block < blocks.end; ++block) {
    double total = 0;
    for_each_piece(args.tensors, args.first(block), args.first(block + 1),
                   [&](const AdamWTensor<T>& tensor, int64_t first, int64_t last) {
                     total += sum_of_squares(tensor.gradient + first, last - first);
                   });
    args.sums[block] = total;
  }
}

BENCH_INSTANTIATE_ROWS(sum_norm_blocks, NormBlocks)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

BENCH_DISPATCH_ROWS(sum_norm_blocks, NormBlocks)

template <class T>
double gradient_norm(std::span<const AdamWTensor<T>> tensors) {
  std::array<double, kNormBlocks> sums;
  const int64_t total = total_count(tensors);
  const NormBlocks<T> work = {tensors, total, sums.data()};
  parallel_for(kNormBlocks, total / kNormBlocks, [&](int64_t begin, int64_t end) {
    sum_norm_blocks(work, {begin, end});
  });
  return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}

double clip_coefficient(double norm, double max_norm) {
  constexpr double kEpsilon = 1e-6;
  const double coefficient = max_norm / (norm + kEpsilon);
  return coefficient > 1 ? 1 : coefficient;  // NaN stays
}

template double gradient_norm(std::span<const AdamWTensor<float>>);
template double gradient_norm(std::span<const AdamWTensor<bfloat16>>);

}  // namespace kernels
#endif  // HWY_ONCE
