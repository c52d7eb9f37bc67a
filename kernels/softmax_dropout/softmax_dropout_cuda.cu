// Launchers of softmax_dropout.cuh.

#include "kernels/core/column_launch.h"
#include "kernels/core/dropout_launch.h"
#include "kernels/softmax_dropout/softmax_dropout.cuh"

namespace kernels {
namespace {

/// Chunks of a row that a warp holds: rows of up to 512 columns.
constexpr int kHeld = 2;

template <class Args>
int64_t rows_of(const Args& args) {
  return args.batch * args.heads * args.sequence;
}

template <class Args>
LaunchShape shape_of(const Args& args) {
  return {{static_cast<uint32_t>(args.batch), static_cast<uint32_t>(args.heads),
           blocks_of(args.sequence, kSoftmaxRowsABlock)},
          {32, kSoftmaxWarps}};
}

bool is_held(int64_t sequence) {
  return sequence <= kHeld * kChunkColumns;
}

template <int kPack, int kHeldChunks, class T>
void launch_forward(const SoftmaxDropoutForward<T>& args, CudaStream stream) {
  launch<softmax_dropout_forward_kernel<kPack, kHeldChunks, T>>(shape_of(args), stream, args,
                                                                device_dropout(args.stream));
}

template <int kPack, int kHeldChunks, class T>
void launch_backward(const SoftmaxDropoutBackward<T>& args, CudaStream stream) {
  launch<softmax_dropout_backward_kernel<kPack, kHeldChunks, T>>(shape_of(args), stream, args,
                                                                 device_dropout(args.stream));
}

}  // namespace

template <class T>
void softmax_dropout_forward(const SoftmaxDropoutForward<T>& args, CudaStream stream) {
  if (rows_of(args) == 0) return;
  const bool packed = packs_fit<T>(args.sequence, {args.probabilities, args.dropped, args.scores});
  if (packed && is_held(args.sequence)) {
    launch_forward<kWidestPack<T>, kHeld>(args, stream);
  } else if (packed) {
    launch_forward<kWidestPack<T>, 0>(args, stream);
  } else if (is_held(args.sequence)) {
    launch_forward<1, kHeld>(args, stream);
  } else {
    launch_forward<1, 0>(args, stream);
  }
}

template <class T>
void softmax_dropout_backward(const SoftmaxDropoutBackward<T>& args, CudaStream stream) {
  if (rows_of(args) == 0) return;
  const bool packed =
      packs_fit<T>(args.sequence, {args.d_scores, args.d_dropped, args.probabilities});
  if (packed && is_held(args.sequence)) {
    launch_backward<kWidestPack<T>, kHeld>(args, stream);
  } else if (packed) {
    launch_backward<kWidestPack<T>, 0>(args, stream);
  } else if (is_held(args.sequence)) {
    launch_backward<1, kHeld>(args, stream);
  } else {
    launch_backward<1, 0>(args, stream);
  }
}

template void softmax_dropout_forward(const SoftmaxDropoutForward<float>&, CudaStream);
template void softmax_dropout_forward(const SoftmaxDropoutForward<float16>&, CudaStream);
template void softmax_dropout_forward(const SoftmaxDropoutForward<bfloat16>&, CudaStream);
template void softmax_dropout_backward(const SoftmaxDropoutBackward<float>&, CudaStream);
template void softmax_dropout_backward(const SoftmaxDropoutBackward<float16>&, CudaStream);
template void softmax_dropout_backward(const SoftmaxDropoutBackward<bfloat16>&, CudaStream);

}  // namespace kernels
