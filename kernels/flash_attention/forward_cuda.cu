// Launcher of the forward pass.

#include "kernels/flash_attention/attention_launch.h"
#include "kernels/flash_attention/matrix_forward.cuh"
#include "kernels/flash_attention/plain_forward.cuh"

namespace kernels {
namespace {

template <class T>
struct ForwardLaunch {
  const FlashAttentionForward<T>& args;
  CudaStream stream;

  template <int kColumns>
  void operator()(MatrixForm<kColumns>) const {
    static_assert(kMatrixForwardBytes<kColumns> <= kMostMatrixBytes);
    run<matrix_attention_forward_kernel<T, kColumns>>({32, kMatrixWarps},
                                                      kMatrixForwardBytes<kColumns>);
  }
  template <int kLaneColumns>
  void operator()(PlainForm<kLaneColumns>) const {
    static_assert(PlainShape<kLaneColumns>::bytes(1) <= kMostPlainBytes);
    run<plain_attention_forward_kernel<T, kLaneColumns>>({32, kPlainWarps},
                                                         PlainShape<kLaneColumns>::bytes(1));
  }

 private:
  template <auto kKernel>
  void run(Extent block, size_t shared_bytes) const {
    launch<kKernel>(attention_shape(args.rows, block, shared_bytes), stream, args,
                    device_dropout(args.stream), blocks_a_sequence(args.rows));
  }
};

}  // namespace

template <class T>
void flash_attention_forward(const FlashAttentionForward<T>& args, CudaStream stream) {
  const AttentionRows& rows = args.rows;
  check_head_dim(rows);
  if (total_rows(rows) == 0) return;
  with_form<T>(rows, {args.context, args.qkv, args.bias}, ForwardLaunch<T>{args, stream});
}

template void flash_attention_forward(const FlashAttentionForward<float>&, CudaStream);
template void flash_attention_forward(const FlashAttentionForward<float16>&, CudaStream);
template void flash_attention_forward(const FlashAttentionForward<bfloat16>&, CudaStream);

}  // namespace kernels
