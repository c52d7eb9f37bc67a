// The launchers of device_loads.cuh.

#include "kernels/core/column_launch.h"
#include "kernels/core/device_loads.cuh"
#include "kernels/core/launch.h"

namespace kernels {

void multiply_adds(const MultiplyAdds& args, CudaStream stream) {
  launch<multiply_add_kernel>({{args.blocks}, {kMultiplyAddThreads}}, stream, args.sums,
                              args.rounds, args.factor, args.term);
}

void copy_packs(const PackCopy& args, CudaStream stream) {
  const int64_t packs = args.bytes / kCopyPackBytes;
  if (packs == 0) return;
  launch<copy_packs_kernel>(
      {{blocks_of(packs, int64_t{kCopyThreads} * kCopyPacksAThread)}, {kCopyThreads}}, stream,
      args.to, args.from, packs);
}

template <class T>
void fill_uniform(T* values, int64_t count, CudaStream stream) {
  if (count == 0) return;
  launch<fill_uniform_kernel<T>>(
      {{blocks_of(count, int64_t{kFillThreads} * kFillValuesAThread)}, {kFillThreads}}, stream,
      values, count);
}

template void fill_uniform(float16*, int64_t, CudaStream);
template void fill_uniform(bfloat16*, int64_t, CudaStream);

}  // namespace kernels
