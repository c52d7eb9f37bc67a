#include "kernels/flash_attention/scratch.h"

#include "kernels/core/bfloat16.h"

namespace kernels::flash_attention {
namespace {

template <class Element>
Rows<Element> take_rows(Arena& arena, int64_t rows, int64_t pitch) {
  return {arena.take<Element>(rows * pitch), pitch};
}

}  // namespace

template <class Element>
ForwardScratch<Element>::ForwardScratch(Arena& arena, const MicroKernel& kernel, int64_t keys,
                                        int64_t head_dim) {
  const int64_t head_pitch = Pitch::head(head_dim);
  rows = take_rows<Element>(arena, std::max(keys, kBlockRows<Element>), head_pitch);
  k = arena.take<char>(panels_bytes(kernel, keys, head_dim));
  v = arena.take<char>(panels_bytes(kernel, head_dim, keys));
  scores = take_rows<float>(arena, kBlockRows<Element>, Pitch::scores(keys));
  context = take_rows<float>(arena, kBlockRows<Element>, head_pitch);
  maximum = arena.take<float>(kBlockRows<Element>);
  sum = arena.take<float>(kBlockRows<Element>);
}

template <class Element>
BackwardScratch<Element>::BackwardScratch(Arena& arena, const MicroKernel& kernel, int64_t keys,
                                          int64_t head_dim) {
  const int64_t head_pitch = Pitch::head(head_dim);
  const int64_t score_pitch = Pitch::scores(keys);
  rows = take_rows<Element>(arena, keys, head_pitch);
  k_transposed = arena.take<char>(panels_bytes(kernel, keys, head_dim));
  k = arena.take<char>(panels_bytes(kernel, head_dim, keys));
  v_transposed = arena.take<char>(panels_bytes(kernel, keys, head_dim));
  q = take_rows<Element>(arena, kBlockRows<Element>, head_pitch);
  d_context = take_rows<Element>(arena, kBlockRows<Element>, head_pitch);
  q_panels = arena.take<char>(panels_bytes(kernel, head_dim, kBlockRows<Element>));
  d_context_panels = arena.take<char>(panels_bytes(kernel, head_dim, kBlockRows<Element>));
  scores = take_rows<float>(arena, kBlockRows<Element>, score_pitch);
  d_scores = take_rows<float>(arena, kBlockRows<Element>, score_pitch);
  const bool pairs = sizeof(Element) < sizeof(float);
  d_rows = take_rows<bfloat16>(arena, pairs ? kBlockRows<Element> : 0, score_pitch);
  d_q = take_rows<float>(arena, kBlockRows<Element>, head_pitch);
  d_k = take_rows<float>(arena, keys, head_pitch);
  d_v = take_rows<float>(arena, keys, head_pitch);
  log_sum_exp = arena.take<float>(kBlockRows<Element>);
  mean = arena.take<float>(kBlockRows<Element>);
}

template struct ForwardScratch<float>;
template struct ForwardScratch<bfloat16>;
template struct BackwardScratch<float>;
template struct BackwardScratch<bfloat16>;

}  // namespace kernels::flash_attention
