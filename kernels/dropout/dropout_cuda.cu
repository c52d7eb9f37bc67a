// The launcher of dropout.cuh.

#include "kernels/core/column_launch.h"
#include "kernels/core/dropout_launch.h"
#include "kernels/dropout/dropout.cuh"

namespace kernels {

template <class T>
void dropout(const Dropout<T>& args, CudaStream stream) {
  const int64_t rows = args.heads * args.sequences.rows();
  if (rows == 0) return;
  const LaunchShape shape = {{blocks_of(rows, kDropoutWarps * kDropoutRowsAWarp)},
                             {32, kDropoutWarps}};
  const DeviceDropout bits = device_dropout(args.stream);
  if (packs_fit<T>(args.columns, {args.output, args.input})) {
    launch<dropout_kernel<kWidestPack<T>, T>>(shape, stream, args, rows, bits);
  } else {
    launch<dropout_kernel<1, T>>(shape, stream, args, rows, bits);
  }
}

template void dropout(const Dropout<float>&, CudaStream);
template void dropout(const Dropout<float16>&, CudaStream);
template void dropout(const Dropout<bfloat16>&, CudaStream);

}  // namespace kernels
