#include "worker/memory/meta_fused_attention.h"

#include <algorithm>

#include <ATen/ops/empty.h>

#include "worker/memory/meta_sequence_major.h"

namespace worker {
namespace {

int64_t ceil_div(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}
int64_t round_up(int64_t a, int64_t multiple) {
  return ceil_div(a, multiple) * multiple;
}

/// The backward kernel that is chosen, by kernels/generate_kernels.py.
struct BackwardKernel {
  int64_t query_block;
  int64_t key_block;
  bool sums_in_memory;  ///< of the gradients of keys and values, where registers do not hold them
};

BackwardKernel backward_kernel(const at::Tensor& query) {
  constexpr int64_t kSmall = 64;
  constexpr int64_t kLarge = 128;
  const int64_t head_dim = query.size(3);
  const bool half = query.scalar_type() != at::kFloat;
  if (head_dim <= kSmall) return {kSmall, kSmall, false};
  if (head_dim <= kLarge) return {kLarge, half ? kLarge : kSmall, false};
  return {kLarge, kSmall, half};
}

/// How many blocks of keys have sums of their own (attention_backward.cu).
int64_t key_splits(const BackwardKernel& kernel, const at::Tensor& query, int64_t keys) {
  constexpr int64_t kMostOfAll = 200;
  return std::clamp<int64_t>(kMostOfAll / std::max<int64_t>(1, query.size(0) * query.size(1)), 1,
                             ceil_div(keys, kernel.key_block));
}

/// Bytes of sums in float for all heads of all sequences (kernel_backward.h, workspace_size()).
int64_t workspace_bytes(const BackwardKernel& kernel, const at::Tensor& query,
                        const at::Tensor& key) {
  constexpr int64_t kLock = 4;  // floats before every block of the queries' gradient
  const int64_t head_dim = query.size(3);
  const int64_t query_blocks =
      ceil_div(query.size(2), kernel.query_block) * ceil_div(head_dim, kernel.key_block);
  int64_t floats = query_blocks * (kLock + kernel.query_block * kernel.key_block);
  if (kernel.sums_in_memory) {
    floats += 2 * key_splits(kernel, query, key.size(2)) * kernel.key_block *
              round_up(head_dim, kernel.query_block);
  }
  return query.size(0) * query.size(1) * round_up(floats, 4) * int64_t{sizeof(float)};
}

/// Sums over head_dim of d_output * output, [batch, heads, sequence].
at::Tensor row_sums(const at::Tensor& d_output, const at::Tensor& output) {
  if (output.scalar_type() != at::kFloat) {  // the kernel computes them
    return at::empty({output.size(0), output.size(2), output.size(1)},
                     output.options().dtype(at::kFloat));
  }
  return (d_output * output).sum(-1).transpose(-2, -1).contiguous();
}

}  // namespace

FourTensors meta_fused_attention(const at::Tensor& query, const at::Tensor&, const at::Tensor&,
                                 const std::optional<at::Tensor>&, bool compute_logsumexp, double,
                                 bool, std::optional<double>) {
  constexpr int64_t kLogsumexpRows = 32;
  constexpr int64_t kRegisterColumns = 128;
  at::Tensor output = sequence_major(query);
  const int64_t rows = compute_logsumexp ? round_up(query.size(2), kLogsumexpRows) : 0;
  at::Tensor logsumexp =
      at::empty({query.size(0), query.size(1), rows}, query.options().dtype(at::kFloat));
  if (query.size(3) > kRegisterColumns && query.scalar_type() != at::kFloat) {
    sequence_major(query, at::kFloat);
  }
  const auto on_host = at::device(at::kCPU).dtype(at::kLong);
  return {std::move(output), std::move(logsumexp), at::empty({}, on_host), at::empty({}, on_host)};
}

FourTensors meta_fused_attention_backward(const at::Tensor& d_output, const at::Tensor& query,
                                          const at::Tensor& key, const at::Tensor& value,
                                          const at::Tensor&, const at::Tensor& output,
                                          const at::Tensor&, const at::Tensor&, const at::Tensor&,
                                          double, std::array<bool, 4>, bool,
                                          std::optional<double>) {
  const at::Tensor d_contiguous = d_output.transpose(1, 2).contiguous();
  at::Tensor d_query = sequence_major(query);
  at::Tensor d_key = sequence_major(key);
  at::Tensor d_value = sequence_major(value);
  const at::Tensor sums = row_sums(d_contiguous, output.transpose(1, 2));
  at::empty({workspace_bytes(backward_kernel(query), query, key)},
            query.options().dtype(at::kByte));
  return {std::move(d_query), std::move(d_key), std::move(d_value), at::Tensor()};
}

}  // namespace worker
