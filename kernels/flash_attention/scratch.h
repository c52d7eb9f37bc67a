#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/core/bfloat16.h"
#include "kernels/flash_attention/head_task.h"
#include "kernels/flash_attention/panels.h"

namespace kernels::flash_attention {

/// Hands out a workspace in order; with a null workspace it only counts.
class Arena {
 public:
  explicit Arena(void* workspace) : workspace_(static_cast<char*>(workspace)) {}

  template <class Element>
  Element* take(int64_t count) {
    char* at = workspace_ == nullptr ? nullptr : workspace_ + used_;
    used_ += round_up(count * static_cast<int64_t>(sizeof(Element)), kAlignment);
    return reinterpret_cast<Element*>(at);
  }
  int64_t used() const { return used_; }

 private:
  static constexpr int64_t kAlignment = 64;
  char* workspace_;
  int64_t used_ = 0;
};

/// Pitches in scratch, where every row is whole vectors of at most 16 lanes.
struct Pitch {
  /// Of rows of head_dim elements.
  static int64_t head(int64_t head_dim) { return round_up(head_dim, 16); }
  /// Of rows of scores: an odd number of lines, so that a column does not fall on one cache set.
  static int64_t scores(int64_t keys) { return (round_up(keys, 16) / 16 | 1) * 16; }
};

/// What one thread needs for a forward task; Element is what the products multiply.
template <class Element>
struct ForwardScratch {
  Rows<Element> rows;  ///< k, then v, then a block of q
  char* k;             ///< panels, transposed
  char* v;             ///< panels
  Rows<float> scores;
  Rows<float> context;
  float* maximum;  ///< [kBlockRows<Element>]
  float* sum;      ///< [kBlockRows<Element>]

  ForwardScratch(Arena& arena, const MicroKernel& kernel, int64_t keys, int64_t head_dim);
};

/// What one thread needs for a backward task.
template <class Element>
struct BackwardScratch {
  Rows<Element> rows;  ///< k, then v
  char* k_transposed;
  char* k;
  char* v_transposed;
  Rows<Element> q;
  Rows<Element> d_context;
  char* q_panels;
  char* d_context_panels;
  Rows<float> scores;     ///< becomes dropout(P)
  Rows<float> d_scores;   ///< dP, becomes dS
  Rows<bfloat16> d_rows;  ///< dS by rows, where `d_scores` holds pairs
  Rows<float> d_q;
  Rows<float> d_k;
  Rows<float> d_v;
  float* log_sum_exp;  ///< [kBlockRows<Element>]
  float* mean;         ///< [kBlockRows<Element>], of dP under P

  BackwardScratch(Arena& arena, const MicroKernel& kernel, int64_t keys, int64_t head_dim);
};

}  // namespace kernels::flash_attention
