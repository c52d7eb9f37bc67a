// Launchers of the backward pass.

#include "kernels/flash_attention/attention_launch.h"
#include "kernels/flash_attention/matrix_backward.cuh"
#include "kernels/flash_attention/plain_backward.cuh"
#include "kernels/flash_attention/score_gradient.cuh"

namespace kernels {
namespace {

/// Launches the two kernels of the backward pass.
template <class T>
struct BackwardLaunch {
  const FlashAttentionBackward<T>& args;
  QueryGradient<T> d_q;
  CudaStream stream;

  template <int kColumns>
  void operator()(MatrixForm<kColumns>) const {
    static_assert(BackwardShape<kColumns>::kBytes <= kMostMatrixBytes);
    run<matrix_attention_query_gradient_kernel<T, kColumns>,
        matrix_attention_key_gradient_kernel<T, kColumns>>({32, kMatrixWarps},
                                                           BackwardShape<kColumns>::kBytes);
  }
  template <int kLaneColumns>
  void operator()(PlainForm<kLaneColumns>) const {
    static_assert(PlainShape<kLaneColumns>::bytes(2) <= kMostPlainBytes);
    run<plain_attention_query_gradient_kernel<T, kLaneColumns>,
        plain_attention_key_gradient_kernel<T, kLaneColumns>>({32, kPlainWarps},
                                                              PlainShape<kLaneColumns>::bytes(2));
  }

 private:
  template <auto kQueryKernel, auto kKeyKernel>
  void run(Extent block, size_t shared_bytes) const {
    const LaunchShape shape = attention_shape(args.rows, block, shared_bytes);
    const DeviceDropout dropout = device_dropout(args.stream);
    const uint32_t blocks = blocks_a_sequence(args.rows);
    auto* means = static_cast<float*>(args.workspace);
    launch<kQueryKernel>(shape, stream, args, dropout, blocks, d_q, means);
    launch<kKeyKernel>(shape, stream, args, dropout, blocks, means);
  }
};

template <class T>
void copy_query_gradient(const QueryGradient<T>& to, const T* from, const AttentionRows& rows,
                         CudaStream stream) {
  const LaunchShape shape = {{static_cast<uint32_t>(total_rows(rows))}, {kTileThreads}};
  if (packs_fit<T>(hidden_of(rows), {to.first, from})) {
    launch<copy_query_gradient_kernel<kWidestPack<T>, T>>(shape, stream, to, from, hidden_of(rows));
  } else {
    launch<copy_query_gradient_kernel<1, T>>(shape, stream, to, from, hidden_of(rows));
  }
}

}  // namespace

template <class T>
void flash_attention_backward(const FlashAttentionBackward<T>& args, CudaStream stream) {
  const AttentionRows& rows = args.rows;
  check_head_dim(rows);
  if (total_rows(rows) > 0) {
    // The gradient of q waits in the workspace where q is still to be read in its place.
    const bool in_place = args.d_qkv == args.qkv;
    auto* waiting =
        reinterpret_cast<T*>(static_cast<char*>(args.workspace) + row_means_bytes(rows));
    const QueryGradient<T> whole = {args.d_qkv, 3 * hidden_of(rows)};
    const QueryGradient<T> d_q = in_place ? QueryGradient<T>{waiting, hidden_of(rows)} : whole;
    with_form<T>(rows,
                 {args.d_qkv, args.d_context, args.context, args.qkv, args.bias, args.workspace},
                 BackwardLaunch<T>{args, d_q, stream});
    if (in_place) copy_query_gradient<T>(whole, waiting, rows, stream);
  }
  launch<attention_bias_gradient_kernel<T>>(
      {{blocks_of(3 * hidden_of(rows), 32)}, {32, kTileWarps}}, stream, args);
}

template void flash_attention_backward(const FlashAttentionBackward<float>&, CudaStream);
template void flash_attention_backward(const FlashAttentionBackward<float16>&, CudaStream);
template void flash_attention_backward(const FlashAttentionBackward<bfloat16>&, CudaStream);

}  // namespace kernels
