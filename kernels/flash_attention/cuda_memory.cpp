#include "kernels/flash_attention/cuda_memory.h"

#include "kernels/core/bfloat16.h"
#include "kernels/core/float16.h"

namespace kernels {

int64_t row_means_bytes(const AttentionRows& rows) {
  constexpr int64_t kAlignment = 256;
  const int64_t bytes = rows.heads * total_rows(rows) * static_cast<int64_t>(sizeof(float));
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

int64_t cuda_flash_attention_partials_size(const AttentionRows& rows) {
  return (total_rows(rows) / kAttentionBlockRows + rows.batch) * 3 * hidden_of(rows);
}

template <class T>
int64_t cuda_flash_attention_backward_workspace_bytes(const AttentionRows& rows) {
  return row_means_bytes(rows) +
         total_rows(rows) * hidden_of(rows) * static_cast<int64_t>(sizeof(T));
}

template int64_t cuda_flash_attention_backward_workspace_bytes<float>(const AttentionRows&);
template int64_t cuda_flash_attention_backward_workspace_bytes<float16>(const AttentionRows&);
template int64_t cuda_flash_attention_backward_workspace_bytes<bfloat16>(const AttentionRows&);

}  // namespace kernels
