// Rows of LayerNorm, shared by the operators that contain one. All arithmetic in float:
//   forward:   mean, rstd = 1 / sqrt(variance + eps), y = (x - mean) * rstd * gamma + beta
//   backward:  with g = dy * gamma,  dx = rstd * (g - mean(g) - x_hat * mean(g * x_hat))

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/core/invertible_columns.h"
#include "kernels/core/vector-inl.h"

#if defined(KERNELS_CORE_LAYER_NORM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_CORE_LAYER_NORM_INL_H_
#undef KERNELS_CORE_LAYER_NORM_INL_H_
#else
#define KERNELS_CORE_LAYER_NORM_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

// ---- forward

struct RowStatistics {
  float mean;
  float rstd;
};

/// Two passes. The second also corrects the first one's rounding, so that a constant row has its
/// value for mean and variance 0, whatever the order of the additions.
template <class T>
RowStatistics row_statistics(const T* x, int64_t columns, float eps) {
  Floats sum = zero();
  for_each_vector(columns, [&](int64_t i, int64_t lanes)
                               BENCH_INLINE_LAMBDA { sum = hn::Add(sum, load(x + i, lanes)); });
  const auto count = static_cast<float>(columns);
  const float mean = sum_of_lanes(sum) / count;
  Floats deviations = zero();
  Floats squares = zero();
  for_each_vector(columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const Floats deviation = only(lanes, hn::Sub(load(x + i, lanes), broadcast(mean)));
    deviations = hn::Add(deviations, deviation);
    squares = hn::MulAdd(deviation, deviation, squares);
  });
  const float correction = sum_of_lanes(deviations) / count;
  const float variance = sum_of_lanes(squares) / count - correction * correction;
  return {mean + correction, 1 / std::sqrt(std::max(variance, 0.0F) + eps)};
}

/// `output` may be `input`.
template <class T>
void normalize_row(T* output, const T* input, const RowStatistics& row, const T* gamma,
                   const T* beta, int64_t columns) {
  for_each_vector(columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const Floats x_hat =
        hn::Mul(hn::Sub(load(input + i, lanes), broadcast(row.mean)), broadcast(row.rstd));
    store(hn::MulAdd(x_hat, load(gamma + i, lanes), load(beta + i, lanes)), output + i, lanes);
  });
}

/// Saves x_hat of the columns that cannot be inverted.
template <class T>
void keep_x_hat(const InvertibleColumns& kept, int64_t row, const T* input,
                const RowStatistics& statistics) {
  float* x_hat = static_cast<float*>(kept.x_hat) + row * kept.count;
  for (int64_t i = 0; i < kept.count; ++i) {
    x_hat[i] = (to_float(input[kept.columns[i]]) - statistics.mean) * statistics.rstd;
  }
}

// ---- backward

/// x_hat of one row from LayerNorm's input.
template <class T>
struct XHatFromInput {
  const T* input;
  RowStatistics row;

  HWY_INLINE Floats at(int64_t i, int64_t lanes) const {
    return hn::Mul(hn::Sub(load(input + i, lanes), broadcast(row.mean)), broadcast(row.rstd));
  }
};

/// x_hat of one row from LayerNorm's output; columns must be asked for in ascending order.
template <class T>
class XHatFromOutput {
 public:
  XHatFromOutput(const T* output, const T* gamma, const T* beta, const InvertibleColumns& kept,
                 int64_t row)
      : output_(output),
        gamma_(gamma),
        beta_(beta),
        next_(kept.columns),
        end_(kept.columns + kept.count),
        x_hat_(static_cast<const float*>(kept.x_hat) + row * kept.count) {}

  HWY_INLINE Floats at(int64_t i, int64_t lanes) {
    const Floats shifted = hn::Sub(load(output_ + i, lanes), load(beta_ + i, lanes));
    const Floats inverted = hn::Div(shifted, load(gamma_ + i, lanes));
    if (next_ == end_ || *next_ >= i + lanes) return inverted;
    return with_kept(inverted, i, lanes);
  }

 private:
  HWY_NOINLINE Floats with_kept(Floats inverted, int64_t i, int64_t lanes) {
    HWY_ALIGN float values[kLanes];
    store_full(inverted, values);
    for (; next_ != end_ && *next_ < i + lanes; ++next_) values[*next_ - i] = *x_hat_++;
    return load_full(values);
  }

  const T* output_;
  const T* gamma_;
  const T* beta_;
  const int32_t* next_;
  const int32_t* end_;
  const float* x_hat_;
};

/// mean(g) and mean(g * x_hat) of a row.
struct GradientMeans {
  float g;
  float g_x_hat;
};

/// Adds the row's dy * x_hat and dy to the column sums; d_output(i, lanes) gives dy.
template <class T, class XHat, class DOutput>
HWY_INLINE GradientMeans reduce_gradient(XHat x_hat, const DOutput& d_output, const T* gamma,
                                         int64_t columns, float* d_gamma, float* d_beta) {
  Floats sum_g = zero();
  Floats sum_g_x_hat = zero();
  for_each_vector(columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const Floats dy = d_output(i, lanes);
    const Floats x = x_hat.at(i, lanes);
    const Floats g = hn::Mul(dy, load(gamma + i, lanes));
    sum_g = hn::Add(sum_g, g);
    sum_g_x_hat = hn::Add(sum_g_x_hat, only(lanes, hn::Mul(g, x)));
    add_to(hn::Mul(dy, x), d_gamma + i, lanes);
    add_to(dy, d_beta + i, lanes);
  });
  const auto count = static_cast<float>(columns);
  return {sum_of_lanes(sum_g) / count, sum_of_lanes(sum_g_x_hat) / count};
}

HWY_INLINE Floats input_gradient(Floats g, Floats x_hat, const GradientMeans& means, float rstd) {
  const Floats centred = hn::Sub(g, broadcast(means.g));
  return hn::Mul(hn::NegMulAdd(x_hat, broadcast(means.g_x_hat), centred), broadcast(rstd));
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
