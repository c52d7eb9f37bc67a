// Launcher of kept_columns.cuh.

#include "kernels/core/launch.h"
#include "kernels/layer_norm/kept_columns.cuh"

namespace kernels {

template <class T>
void find_kept_columns(const KeptColumnsSearch<T>& args, CudaStream stream) {
  launch<kept_columns_kernel<T>>({.grid = {1}, .block = {32}}, stream, args);
}

template void find_kept_columns(const KeptColumnsSearch<float>&, CudaStream);
template void find_kept_columns(const KeptColumnsSearch<float16>&, CudaStream);
template void find_kept_columns(const KeptColumnsSearch<bfloat16>&, CudaStream);

}  // namespace kernels
