#include "worker/memory/meta_flash_attention.h"

#include <algorithm>

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include "worker/memory/meta_sequence_major.h"

namespace worker {
namespace {

/// Rows of queries and of keys that the kernel works on at once.
struct Split {
  int64_t queries;
  int64_t keys;
};

Split split_of(const at::Tensor& query, const at::Tensor& key) {
  constexpr int64_t kKeys = 512;
  const int64_t length = query.size(2);
  const int64_t queries = length >= 768 ? 256 : length >= 192 ? 64 : 32;
  return {std::min(queries, length), std::min(kKeys, key.size(2))};
}

at::ScalarType accumulation_dtype(const at::Tensor& tensor) {
  return tensor.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

}  // namespace

std::tuple<at::Tensor, at::Tensor> meta_flash_attention(const at::Tensor& query,
                                                        const at::Tensor& key, const at::Tensor&,
                                                        double, bool,
                                                        const std::optional<at::Tensor>&,
                                                        std::optional<double>) {
  at::Tensor output = sequence_major(query);
  const auto accumulation = query.options().dtype(accumulation_dtype(query));
  at::Tensor logsumexp =
      at::empty({query.size(0), query.size(2), query.size(1)}, accumulation).transpose(1, 2);
  const auto split = split_of(query, key);
  at::empty({at::get_num_threads(), split.queries * (split.keys + 2 + query.size(3))},
            accumulation);
  return {std::move(output), std::move(logsumexp)};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> meta_flash_attention_backward(
    const at::Tensor& d_output, const at::Tensor& query, const at::Tensor& key,
    const at::Tensor& value, const at::Tensor&, const at::Tensor&, double, bool,
    const std::optional<at::Tensor>&, std::optional<double>) {
  at::Tensor d_query = sequence_major(query);
  at::Tensor d_key = sequence_major(key);
  at::Tensor d_value = sequence_major(value);
  const auto accumulation = query.options().dtype(accumulation_dtype(query));
  const at::Tensor d_contiguous = d_output.transpose(1, 2).contiguous();
  const auto split = split_of(query, key);
  const at::Tensor scores =
      at::empty({at::get_num_threads(), 2 * split.queries * split.keys}, accumulation);
  const int64_t busy = std::min<int64_t>(at::get_num_threads(), query.size(0) * query.size(1));
  std::vector<at::Tensor> row_sums;
  for (int64_t i = 0; i < busy; ++i) row_sums.push_back(at::empty({split.queries}, accumulation));
  return {std::move(d_query), std::move(d_key), std::move(d_value)};
}

}  // namespace worker
