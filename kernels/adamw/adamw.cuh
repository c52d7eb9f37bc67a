#pragma once

// AdamW over a batch of tensors. A thread block handles kBatchBlockElements neighbouring elements
// of one tensor, packs of kBatchPack a thread at a time. Bytes moved an element, read and written:
// 28 for float (value, gradient, two moments), 26 for bfloat16 (two halves, gradient, two moments),
// 28 for float16 (master, value, gradient, two moments).

#include "kernels/adamw/tensor_batch.cuh"
#include "kernels/core/vector.cuh"

namespace kernels {

/// A step's numbers as the elements use them.
struct AdamWCoefficients {
  float gradient_scale;
  float first_rate;   ///< 1 - beta1
  float second_rate;  ///< 1 - beta2
  float beta2;
  float eps;
  float decay;       ///< learning rate times weight decay
  float step_size;   ///< learning rate over the first moment's bias correction
  float root_scale;  ///< 1 / sqrt(the second moment's bias correction)
};

// ---- masters

template <int kPack>
__device__ __forceinline__ FloatPack<kPack> load_masters(const AdamWTensor<float>& tensor,
                                                         int64_t at) {
  return load<kPack>(tensor.value + at);
}
template <int kPack>
__device__ __forceinline__ void store_masters(const FloatPack<kPack>& masters,
                                              const AdamWTensor<float>& tensor, int64_t at) {
  store(masters, tensor.value + at);
}

template <int kPack>
__device__ __forceinline__ FloatPack<kPack> load_masters(const AdamWTensor<float16>& tensor,
                                                         int64_t at) {
  return load<kPack>(tensor.master + at);
}
template <int kPack>
__device__ __forceinline__ void store_masters(const FloatPack<kPack>& masters,
                                              const AdamWTensor<float16>& tensor, int64_t at) {
  store(masters, tensor.master + at);
  store(masters, tensor.value + at);
}

/// The halves of split_master.h.
template <int kPack>
__device__ __forceinline__ FloatPack<kPack> load_masters(const AdamWTensor<bfloat16>& tensor,
                                                         int64_t at) {
  FloatPack<kPack> masters = load<kPack>(tensor.value + at);
  uint16_t low[kPack];
  load_halves(tensor.low + at, low);
  BENCH_UNROLL
  for (int i = 0; i < kPack; ++i) {
    const auto rest = static_cast<uint32_t>(int32_t{static_cast<int16_t>(low[i])});
    masters.at[i] = float_of_bits(float_bits(masters.at[i]) + rest);
  }
  return masters;
}
template <int kPack>
__device__ __forceinline__ void store_masters(const FloatPack<kPack>& masters,
                                              const AdamWTensor<bfloat16>& tensor, int64_t at) {
  uint16_t high[kPack];
  uint16_t low[kPack];
  BENCH_UNROLL
  for (int i = 0; i < kPack; ++i) {
    const uint32_t bits = float_bits(masters.at[i]);
    const bool is_nan = masters.at[i] != masters.at[i];
    high[i] = static_cast<uint16_t>((is_nan ? bits | 0x00400000U : bits + 0x8000U) >> 16);
    low[i] = static_cast<uint16_t>(is_nan ? 0 : bits);
  }
  store_halves(high, tensor.value + at);
  store_halves(low, tensor.low + at);
}

// ---- the update

/// Elements at, at + 1, ..., at + kPack - 1 of a tensor.
template <int kPack, class T>
__device__ __forceinline__ void update_pack(const AdamWCoefficients& step, float gradient_scale,
                                            const AdamWTensor<T>& tensor, int64_t at) {
  const FloatPack<kPack> gradient = load<kPack>(tensor.gradient + at);
  FloatPack<kPack> first = load<kPack>(tensor.first_moment + at);
  FloatPack<kPack> second = load<kPack>(tensor.second_moment + at);
  FloatPack<kPack> master = load_masters<kPack>(tensor, at);
  BENCH_UNROLL
  for (int i = 0; i < kPack; ++i) {
    const float g = gradient.at[i] * gradient_scale;
    first.at[i] = fmaf(step.first_rate, g - first.at[i], first.at[i]);
    second.at[i] = fmaf(step.beta2, second.at[i], step.second_rate * (g * g));
    const float root = fmaf(sqrtf(second.at[i]), step.root_scale, step.eps);
    float change = step.step_size * (first.at[i] / root);
    // Not a decay of 0: that would make NaN of an infinite weight.
    if (tensor.decays) change = fmaf(step.decay, master.at[i], change);
    master.at[i] -= change;
  }
  store(first, tensor.first_moment + at);
  store(second, tensor.second_moment + at);
  store_masters(master, tensor, at);
}

/// Whether packs of a tensor's arrays can be moved at once.
template <class T>
__device__ __forceinline__ bool packs_are_aligned(const AdamWTensor<T>& tensor) {
  const auto wide = reinterpret_cast<uintptr_t>(tensor.first_moment) |
                    reinterpret_cast<uintptr_t>(tensor.second_moment) |
                    reinterpret_cast<uintptr_t>(tensor.master);
  const auto narrow =
      reinterpret_cast<uintptr_t>(tensor.value) | reinterpret_cast<uintptr_t>(tensor.gradient);
  return wide % (kBatchPack * sizeof(float)) == 0 && narrow % (kBatchPack * sizeof(T)) == 0 &&
         reinterpret_cast<uintptr_t>(tensor.low) % (kBatchPack * sizeof(int16_t)) == 0;
}

template <class T>
__global__ void __launch_bounds__(kBatchThreads)
    adamw_kernel(const __grid_constant__ TensorBatch<T> batch, AdamWCoefficients step,
                 const float* device_scale) {
  const int number = tensor_of_block(batch, blockIdx.x);
  const AdamWTensor<T> tensor = batch.tensors[number];
  const int64_t begin = int64_t{blockIdx.x - batch.first_block[number]} * kBatchBlockElements;
  const float gradient_scale =
      step.gradient_scale * (device_scale == nullptr ? 1.0F : *device_scale);
  const bool aligned = packs_are_aligned(tensor);
  BENCH_UNROLL
  for (int turn = 0; turn < kBatchPacksAThread; ++turn) {
    const int64_t at = begin + (int64_t{turn} * kBatchThreads + threadIdx.x) * kBatchPack;
    if (aligned && at + kBatchPack <= tensor.count) {
      update_pack<kBatchPack>(step, gradient_scale, tensor, at);
      continue;
    }
    for (int64_t i = at; i < at + kBatchPack && i < tensor.count; ++i) {
      update_pack<1>(step, gradient_scale, tensor, i);
    }
  }
}

}  // namespace kernels
