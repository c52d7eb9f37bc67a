#pragma once

// What device code is written in: CUDA's own words where nvcc or NVRTC compiles it, the emulator's
// where a host compiler does. Beyond CUDA's built-in names:
//
//   BENCH_SHARED(name, type)      a __shared__ variable; an array type stands as float[8][32]
//   dynamic_shared()              the block's dynamic shared memory, aligned to 16 bytes
//   BENCH_UNROLL                  before a loop to be unrolled
//   BENCH_NO_UNROLL               before one that is not, for its registers
//   fast_quotient(a, b)           a / b within 2 ulp
//   float_bits(x), float_of_bits(word)
//   widen(x), narrow<T>(x)        from and to float; to nearest, ties to even
//   element_of_word<T>(word, i), word_of_elements<T>(values)
//   cp_async<bytes>(to, from, n)  starts a copy of n of 4, 8 or 16 bytes into shared memory, 0 for
//                                 the others; there after the wait, for others after a barrier more
//   cp_async_commit(), cp_async_wait<groups>(), cp_async_wait_all()
//   ldmatrix(words, row), ldmatrix_transposed(words, row)   1, 2 or 4 matrices
//   mma_m16n8k16<T>(sum, a, b)    sum += a b, in float
//   BENCH_HAS_MMA                 whether there is mma_m16n8k16 for both types
//
// float16 and bfloat16 are the host's types, so that a contract's struct is the same on both sides.

#if defined(__CUDACC__)

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels/core/bfloat16.h"
#include "kernels/core/float16.h"

namespace kernels {

/// So that an array type can stand before a name.
template <class T>
using SharedType = T;

#define BENCH_UNROLL _Pragma("unroll")
#define BENCH_NO_UNROLL _Pragma("unroll 1")
#define BENCH_SHARED(name, ...) __shared__ ::kernels::SharedType<__VA_ARGS__> name

__device__ __forceinline__ void* dynamic_shared() {
  extern __shared__ __align__(16) unsigned char bench_dynamic_shared[];
  return bench_dynamic_shared;
}

__device__ __forceinline__ void require_aligned(const void* /*address*/, size_t /*bytes*/) {}

/// a / b within 2 ulp, for |b| <= 2^126.
__device__ __forceinline__ float fast_quotient(float a, float b) {
  return __fdividef(a, b);
}

// ---- elements

__device__ __forceinline__ unsigned float_bits(float value) {
  return __float_as_uint(value);
}
__device__ __forceinline__ float float_of_bits(unsigned bits) {
  return __uint_as_float(bits);
}

__device__ __forceinline__ float widen(float value) {
  return value;
}
__device__ __forceinline__ float widen(bfloat16 value) {
  return __uint_as_float(static_cast<unsigned>(value.bits) << 16);
}
__device__ __forceinline__ float widen(float16 value) {
  return __half2float(__ushort_as_half(value.bits));
}

template <class T>
__device__ T narrow(float value);
template <>
__device__ __forceinline__ float narrow<float>(float value) {
  return value;
}
template <>
__device__ __forceinline__ bfloat16 narrow<bfloat16>(float value) {
  return {__bfloat16_as_ushort(__float2bfloat16_rn(value))};
}
template <>
__device__ __forceinline__ float16 narrow<float16>(float value) {
  return {__half_as_ushort(__float2half_rn(value))};
}

/// Element `index`, from the lowest bits on, of a word that holds one or two.
template <class T>
__device__ __forceinline__ T element_of_word(unsigned word, int index) {
  return {static_cast<uint16_t>(index == 0 ? word : word >> 16)};
}
template <>
__device__ __forceinline__ float element_of_word<float>(unsigned word, int /*index*/) {
  return __uint_as_float(word);
}

/// The word of one or two values, each rounded to T.
template <class T>
__device__ unsigned word_of_elements(const float* values);
template <>
__device__ __forceinline__ unsigned word_of_elements<float>(const float* values) {
  return __float_as_uint(values[0]);
}
template <>
__device__ __forceinline__ unsigned word_of_elements<float16>(const float* values) {
  const __half2 pair = __floats2half2_rn(values[0], values[1]);
  return __half_as_ushort(pair.x) | unsigned{__half_as_ushort(pair.y)} << 16;
}
template <>
__device__ __forceinline__ unsigned word_of_elements<bfloat16>(const float* values) {
  const __nv_bfloat162 pair = __floats2bfloat162_rn(values[0], values[1]);
  return __bfloat16_as_ushort(pair.x) | unsigned{__bfloat16_as_ushort(pair.y)} << 16;
}

// ---- asynchronous copies

__device__ __forceinline__ unsigned shared_address(const void* shared) {
  return static_cast<unsigned>(__cvta_generic_to_shared(shared));
}

template <int kBytes>
__device__ __forceinline__ void cp_async(void* shared, const void* global,
                                         int source_bytes = kBytes) {
  static_assert(kBytes == 4 || kBytes == 8 || kBytes == 16);
#if __CUDA_ARCH__ >= 800
  if constexpr (kBytes == 16) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(shared)),
                 "l"(global), "r"(source_bytes)
                 : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(shared_address(shared)),
                 "l"(global), "n"(kBytes), "r"(source_bytes)
                 : "memory");
  }
#else
  // Older devices copy at once, through registers.
  const auto* from = static_cast<const unsigned*>(global);
  auto* to = static_cast<unsigned*>(shared);
#pragma unroll
  for (int i = 0; i < kBytes / 4; ++i) to[i] = 4 * i < source_bytes ? from[i] : 0;
#endif
}

__device__ __forceinline__ void cp_async_commit() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}
template <int kGroups>
__device__ __forceinline__ void cp_async_wait() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(kGroups) : "memory");
#endif
}
__device__ __forceinline__ void cp_async_wait_all() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}

// ---- matrices

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define BENCH_HAS_MMA 1
#else
#define BENCH_HAS_MMA 0
#endif

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 750

template <int kCount>
__device__ __forceinline__ void ldmatrix(unsigned (&words)[kCount], const void* row) {
  static_assert(kCount == 1 || kCount == 2 || kCount == 4);
  const unsigned address = shared_address(row);
  if constexpr (kCount == 1) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%0}, [%1];"
                 : "=r"(words[0])
                 : "r"(address)
                 : "memory");
  } else if constexpr (kCount == 2) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
                 : "=r"(words[0]), "=r"(words[1])
                 : "r"(address)
                 : "memory");
  } else {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(words[0]), "=r"(words[1]), "=r"(words[2]), "=r"(words[3])
                 : "r"(address)
                 : "memory");
  }
}

template <int kCount>
__device__ __forceinline__ void ldmatrix_transposed(unsigned (&words)[kCount], const void* row) {
  static_assert(kCount == 1 || kCount == 2 || kCount == 4);
  const unsigned address = shared_address(row);
  if constexpr (kCount == 1) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%0}, [%1];"
                 : "=r"(words[0])
                 : "r"(address)
                 : "memory");
  } else if constexpr (kCount == 2) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
                 : "=r"(words[0]), "=r"(words[1])
                 : "r"(address)
                 : "memory");
  } else {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(words[0]), "=r"(words[1]), "=r"(words[2]), "=r"(words[3])
                 : "r"(address)
                 : "memory");
  }
}

template <class T>
__device__ void mma_m16n8k16(float (&sum)[4], const unsigned (&a)[4], const unsigned (&b)[2]);
template <>
__device__ __forceinline__ void mma_m16n8k16<float16>(float (&sum)[4], const unsigned (&a)[4],
                                                      const unsigned (&b)[2]) {
#if __CUDA_ARCH__ >= 800
  asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
  // sm_75 has half of it.
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, "
        "{%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[2 * half]), "r"(a[2 * half + 1]), "r"(b[half]));
  }
#endif
}
#if BENCH_HAS_MMA
template <>
__device__ __forceinline__ void mma_m16n8k16<bfloat16>(float (&sum)[4], const unsigned (&a)[4],
                                                       const unsigned (&b)[2]) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#endif

#endif  // sm_75

}  // namespace kernels

#else
#include "kernels/core/cuda_emulator/device.h"
#endif
