#include "kernels/layer/materialized_attention.h"

#include <utility>

#include "kernels/dropout/dropout.h"
#include "kernels/head_layout/head_layout.h"
#include "kernels/layer/gemm.h"
#include "kernels/softmax_dropout/softmax_dropout.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace kernels {
namespace {

/// Consecutive sequences of as many rows each, which take one call of every operator: all of a
/// padded batch.
struct Block {
  int64_t first_sequence;
  int64_t sequences;
  int64_t length;  ///< rows of each
  int64_t first_row;
  int64_t first_score;  ///< in [heads, length, length] a sequence
};

std::vector<Block> blocks_of(const LayerCall& call) {
  const SequenceRows rows = call.sequences();
  std::vector<Block> blocks;
  int64_t score = 0;
  for (int64_t b = 0; b < rows.batch; ++b) {
    const int64_t length = rows.length(b);
    if (!blocks.empty() && blocks.back().length == length) {
      ++blocks.back().sequences;
    } else if (length > 0) {
      blocks.push_back({b, 1, length, rows.begin(b), score});
    }
    score += call.heads * length * length;
  }
  return blocks;
}

/// Scores of all heads of all sequences.
int64_t score_count(const LayerCall& call) {
  int64_t count = 0;
  for (int64_t b = 0; b < call.batch(); ++b) {
    const int64_t length = call.sequences().length(b);
    count += call.heads * length * length;
  }
  return count;
}

/// A block of a [rows, hidden] tensor that lies by head: [matrices, length, head_dim].
at::Tensor heads_of(const LayerCall& call, const at::Tensor& by_head, const Block& block) {
  return by_head.narrow(0, block.first_row, block.sequences * block.length)
      .view({block.sequences * call.heads, block.length, call.head_dim});
}

/// A block of the scores, or of what has their shape: [matrices, length, length].
at::Tensor scores_of(const LayerCall& call, const at::Tensor& scores, const Block& block) {
  const int64_t matrices = block.sequences * call.heads;
  return scores.narrow(0, block.first_score, matrices * block.length * block.length)
      .view({matrices, block.length, block.length});
}

at::Tensor scores_or_none(const LayerCall& call, const at::Tensor& scores, const Block& block) {
  return scores.defined() ? scores_of(call, scores, block) : at::Tensor();
}

DropoutStream stream_of(const LayerCall& call, const Block& block) {
  DropoutStream stream = call.attention_dropout;
  stream.first_sequence += block.first_sequence;
  return stream;
}

/// Where softmax reads how many keys each sequence has.
const int64_t* lengths_of(const LayerCall& call, const Block& block) {
  const int64_t* on_device = call.device_lengths();
  return (on_device == nullptr ? call.lengths.data() : on_device) + block.first_sequence;
}

/// Q, K and V [3, rows, hidden] by head, biased.
at::Tensor split_heads(const LayerCall& call, const at::Tensor& bias, const at::Tensor& product) {
  at::Tensor qkv = allocate(product, {3, call.rows(), call.hidden()});
  run_operator(product, [&]<class T>(auto... stream) {
    split_heads_forward<T>({.output = data<T>(qkv),
                            .input = data<T>(product),
                            .bias = data<T>(bias),
                            .shape = call.head_shape()},
                           stream...);
  });
  return qkv;
}

/// Scores in `probabilities`, then the probabilities themselves and, where defined, `dropped`.
void fill_probabilities(const LayerCall& call, const at::Tensor& qkv, const Block& block,
                        const SavedTensors& saved) {
  const at::Tensor probabilities = scores_of(call, saved.probabilities, block);
  const at::Tensor dropped = scores_or_none(call, saved.dropped, block);
  batched_gemm_nt(probabilities, heads_of(call, qkv[0], block), heads_of(call, qkv[1], block));
  run_operator(qkv, [&]<class T>(auto... stream) {
    softmax_dropout_forward<T>({.probabilities = data<T>(probabilities),
                                .dropped = data<T>(dropped),
                                .scores = data<T>(probabilities),
                                .lengths = lengths_of(call, block),
                                .batch = block.sequences,
                                .heads = call.heads,
                                .sequence = block.length,
                                .scale = call.score_scale(),
                                .stream = stream_of(call, block)},
                               stream...);
  });
}

/// The probabilities after dropout again, under attn_dropout_checkpoint.
at::Tensor drop_again(const LayerCall& call, const at::Tensor& probabilities) {
  at::Tensor result = allocate_like(probabilities);
  for (const Block& block : blocks_of(call)) {
    const at::Tensor from = scores_of(call, probabilities, block);
    const at::Tensor to = scores_of(call, result, block);
    run_operator(result, [&]<class T>(auto... stream) {
      dropout<T>({.output = data<T>(to),
                  .input = data<T>(from),
                  .sequences = call.sequences(block.first_sequence, block.sequences),
                  .heads = call.heads,
                  .columns = block.length,
                  .stream = stream_of(call, block)},
                 stream...);
    });
  }
  return result;
}

/// The probabilities that were multiplied with V: saved, or recomputed.
at::Tensor dropped_again(const LayerCall& call, const SavedTensors& saved) {
  if (!call.attention_dropout.enabled()) return saved.probabilities;
  return saved.dropped.defined() ? saved.dropped : drop_again(call, saved.probabilities);
}

/// Fills `d_value` [rows, hidden] by head; returns the gradient of the unscaled scores.
at::Tensor score_gradients(const AttentionBackward& attention, const at::Tensor& d_heads,
                           const at::Tensor& d_value) {
  const LayerCall& call = attention.call;
  SavedTensors& saved = attention.saved;
  at::Tensor dropped = dropped_again(call, saved);
  const std::vector<Block> blocks = blocks_of(call);
  for (const Block& block : blocks) {
    batched_gemm_tn(heads_of(call, d_value, block), scores_of(call, dropped, block),
                    heads_of(call, d_heads, block));
  }
  at::Tensor d_scores;
  if (saved.dropped.defined()) {
    dropped.reset();
    d_scores = attention.memory.take(saved.dropped);
  } else if (call.attention_dropout.enabled()) {
    d_scores = std::move(dropped);
  } else {
    d_scores = allocate_like(dropped);
  }
  for (const Block& block : blocks) {
    const at::Tensor d_block = scores_of(call, d_scores, block);
    const at::Tensor probabilities = scores_of(call, saved.probabilities, block);
    batched_gemm_nt(d_block, heads_of(call, d_heads, block), heads_of(call, saved.qkv[2], block));
    run_operator(d_scores, [&]<class T>(auto... stream) {
      softmax_dropout_backward<T>({.d_scores = data<T>(d_block),
                                   .d_dropped = data<T>(d_block),
                                   .probabilities = data<T>(probabilities),
                                   .lengths = lengths_of(call, block),
                                   .batch = block.sequences,
                                   .heads = call.heads,
                                   .sequence = block.length,
                                   .scale = call.score_scale(),
                                   .stream = stream_of(call, block)},
                                  stream...);
    });
  }
  attention.memory.free(saved.probabilities);
  return d_scores;
}

/// The packed QKV product's gradient, in the place of the saved Q, K and V.
at::Tensor merge_gradients(const AttentionBackward& attention, const at::Tensor& d_qkv) {
  const LayerCall& call = attention.call;
  at::Tensor d_product =
      attention.memory.take(attention.saved.qkv).view({call.rows(), 3 * call.hidden()});
  run_operator(d_qkv, [&]<class T>(auto... stream) {
    split_heads_backward<T>({.d_input = data<T>(d_product),
                             .d_bias = data<T>(attention.d_bias),
                             .d_output = data<T>(d_qkv),
                             .shape = call.head_shape(),
                             .partials = attention.partials,
                             .stochastic = call.flags.stochastic_mode},
                            stream...);
  });
  return d_product;
}

}  // namespace

at::Tensor materialized_attention(const LayerCall& call, const at::Tensor& bias, at::Tensor qkv,
                                  bool keep, SavedTensors& saved) {
  saved.qkv = split_heads(call, bias, qkv);
  qkv.reset();
  const int64_t scores = score_count(call);
  saved.probabilities = allocate(saved.qkv, {scores});
  if (call.attention_dropout.enabled()) saved.dropped = allocate(saved.qkv, {scores});
  const at::Tensor& dropped = saved.dropped.defined() ? saved.dropped : saved.probabilities;
  const std::vector<Block> blocks = blocks_of(call);
  for (const Block& block : blocks) fill_probabilities(call, saved.qkv, block, saved);
  at::Tensor heads = allocate(saved.qkv, {call.rows(), call.hidden()});
  for (const Block& block : blocks) {
    batched_gemm_nn(heads_of(call, heads, block), scores_of(call, dropped, block),
                    heads_of(call, saved.qkv[2], block));
  }
  if (!keep || call.flags.attn_dropout_checkpoint) saved.dropped.reset();
  if (!keep) {
    saved.probabilities.reset();
    saved.qkv.reset();
  }
  at::Tensor context = allocate_like(heads);
  run_operator(heads, [&]<class T>(auto... stream) {
    merge_heads<T>(
        {.output = data<T>(context), .input = data<T>(heads), .shape = call.head_shape()},
        stream...);
  });
  return context;
}

at::Tensor materialized_attention_backward(const AttentionBackward& attention, at::Tensor d_context,
                                           at::Tensor spare) {
  const LayerCall& call = attention.call;
  at::Tensor d_heads = std::move(spare);
  run_operator(d_context, [&]<class T>(auto... stream) {
    unmerge_heads<T>(
        {.output = data<T>(d_heads), .input = data<T>(d_context), .shape = call.head_shape()},
        stream...);
  });
  d_context.reset();
  at::Tensor d_qkv = allocate_like(attention.saved.qkv);
  at::Tensor d_scores = score_gradients(attention, d_heads, d_qkv[2]);
  d_heads.reset();
  for (const Block& block : blocks_of(call)) {
    const at::Tensor d_block = scores_of(call, d_scores, block);
    batched_gemm_nn(heads_of(call, d_qkv[0], block), d_block,
                    heads_of(call, attention.saved.qkv[1], block));
    batched_gemm_tn(heads_of(call, d_qkv[1], block), d_block,
                    heads_of(call, attention.saved.qkv[0], block));
  }
  d_scores.reset();
  return merge_gradients(attention, d_qkv);
}

}  // namespace kernels
