#pragma once

#include <string>
#include <vector>

#include "kernels/core/column_partials.h"
#include "kernels/core/gemm_tile/level.h"
#include "kernels/core/simd_level.h"
#include "kernels/flash_attention/flash_attention.h"
#include "kernels/flash_attention/reference.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/fill.h"

namespace kernels::testing {

/// Sequences as they lie in the row dimension.
struct Layout {
  std::vector<int64_t> offsets;
  std::vector<int64_t> lengths;

  static Layout padded(int64_t sequence, const std::vector<int64_t>& lengths);
  static Layout packed(const std::vector<int64_t>& lengths);

  int64_t batch() const { return static_cast<int64_t>(lengths.size()); }
  int64_t rows() const { return offsets.back(); }
};

struct Sizes {
  int64_t heads = 1;
  int64_t head_dim = 64;
  double probability = 0.1;
  double largest_input = 1;

  int64_t hidden() const { return heads * head_dim; }
};

/// Attention's inputs.
template <class T>
struct AttentionCase {
  Layout layout;
  Sizes sizes;
  std::vector<T> qkv =
      uniform<T>(layout.rows() * 3 * sizes.hidden(), 1, -sizes.largest_input, sizes.largest_input);
  std::vector<T> bias = uniform<T>(3 * sizes.hidden(), 2, -0.5, 0.5);
  std::vector<T> d_context = uniform<T>(layout.rows() * sizes.hidden(), 3, -1, 1);
  float scale = 0.125F;
  int threads = 0;

  AttentionRows rows() const {
    return {layout.offsets.data(), layout.lengths.data(), layout.batch(), sizes.heads,
            sizes.head_dim};
  }
  DropoutStream stream() const { return {3, 5, 1, 2, sizes.probability, 9}; }
  std::string name() const;
};

AttentionCase<double> in_double(const AttentionCase<float>& attention);
AttentionCase<double> in_double(const AttentionCase<float16>& attention);
AttentionCase<double> in_double(const AttentionCase<bfloat16>& attention);

/// float: sums of some hundred terms. 16 bits: q, k and v with their bias, P and dS are rounded
/// before they are multiplied, and `context` before its product with d_context is taken off dP.
template <class T>
Tolerances tolerances(const AttentionCase<T>& attention);

/// A packed case's sequences, each in `sequence` rows.
template <class T>
AttentionCase<T> padded_to(const AttentionCase<T>& packed, int64_t sequence);

/// Outputs without the rows of padding.
template <class T>
Outputs of_real_rows(const Outputs& outputs, const AttentionCase<T>& attention);

/// context, log_sum_exp, d_qkv and d_bias of one implementation, backward from what forward wrote.
/// With `in_place`, d_qkv is written over qkv. The products run at the level that belongs to the
/// active SIMD level, or at `limit` if that is lower.
template <class T>
Outputs run(const AttentionCase<T>& attention, GemmLevel limit = kHighestGemmLevel,
            bool in_place = false);

/// Against the reference, everywhere.
template <class T>
void check(const AttentionCase<T>& attention, GemmLevel limit = kHighestGemmLevel);

}  // namespace kernels::testing
