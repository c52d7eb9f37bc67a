#pragma once

// CUDA's words for the host compiler, as far as device code of this project uses them: what
// kernels/core/device.cuh includes where there is no nvcc. Names and meanings are CUDA's.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <source_location>

#include "kernels/core/bfloat16.h"
#include "kernels/core/cuda_emulator/warp.h"
#include "kernels/core/float16.h"
#include "kernels/core/launch_shape.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __grid_constant__
#define __launch_bounds__(...)
#define BENCH_UNROLL
#define BENCH_NO_UNROLL
#define BENCH_HAS_MMA 1

#define threadIdx (::kernels::cuda_emulator::thread_index())
#define blockIdx (::kernels::cuda_emulator::block_index())
#define blockDim (::kernels::cuda_emulator::block_extent())
#define gridDim (::kernels::cuda_emulator::grid_extent())

/// `__shared__ type name`: one variable an instantiation of the function.
#define BENCH_SHARED(name, ...)                                            \
  auto& name = ::kernels::cuda_emulator::shared_variable<__VA_ARGS__>([] { \
    static char tag;                                                       \
    return static_cast<const void*>(&tag);                                 \
  }())

// What reads the emulator's own memory, or touches the kernel's in a way of its own, is compiled
// apart from device code, without instrumentation.
namespace kernels::cuda_emulator {

using Where = std::source_location;

Extent thread_index();
Extent block_index();
Extent block_extent();
Extent grid_extent();
uint32_t thread_number();

void* shared_variable(const void* tag, size_t bytes, size_t alignment);
void* dynamic_shared();

template <class T>
T& shared_variable(const void* tag) {
  return *static_cast<T*>(shared_variable(tag, sizeof(T), alignof(T)));
}

void barrier(Where where);

int32_t atomic_add(int32_t* to, int32_t value);
uint32_t atomic_add(uint32_t* to, uint32_t value);
float atomic_add(float* to, float value);
double atomic_add(double* to, double value);

void require_aligned(const void* address, size_t bytes);

void start_copy(void* target, const void* source, size_t bytes, size_t source_bytes);
void commit_copies();
void wait_for_copies(uint32_t groups);
void wait_for_all_copies();

}  // namespace kernels::cuda_emulator

// ---- CUDA's built-in types and functions

struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};

inline void __syncthreads(std::source_location where = std::source_location::current()) {
  kernels::cuda_emulator::barrier(where);
}
inline void __syncwarp(unsigned mask = 0xffffffff,
                       std::source_location where = std::source_location::current()) {
  kernels::cuda_emulator::sync_lanes(mask, where);
}
inline unsigned __ballot_sync(unsigned mask, int predicate,
                              std::source_location where = std::source_location::current()) {
  return kernels::cuda_emulator::ballot(mask, predicate != 0, where);
}
inline int __any_sync(unsigned mask, int predicate,
                      std::source_location where = std::source_location::current()) {
  return kernels::cuda_emulator::ballot(mask, predicate != 0, where) != 0;
}
inline int __all_sync(unsigned mask, int predicate,
                      std::source_location where = std::source_location::current()) {
  return kernels::cuda_emulator::ballot(mask, predicate != 0, where) == mask;
}
/// This lane alone: which others run beside it is up to the device, so no kernel may count on any.
inline unsigned __activemask() {
  return 1U << (kernels::cuda_emulator::thread_number() % 32);
}
template <class T>
T __shfl_sync(unsigned mask, T value, int lane, int width = 32,
              std::source_location where = std::source_location::current()) {
  return kernels::cuda_emulator::shuffled(mask, value, kernels::cuda_emulator::Shuffle::kFrom,
                                          static_cast<uint32_t>(lane), static_cast<uint32_t>(width),
                                          where);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned distance, int width = 32,
                 std::source_location where = std::source_location::current()) {
  return kernels::cuda_emulator::shuffled(mask, value, kernels::cuda_emulator::Shuffle::kUp,
                                          distance, static_cast<uint32_t>(width), where);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned distance, int width = 32,
                   std::source_location where = std::source_location::current()) {
  return kernels::cuda_emulator::shuffled(mask, value, kernels::cuda_emulator::Shuffle::kDown,
                                          distance, static_cast<uint32_t>(width), where);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32,
                  std::source_location where = std::source_location::current()) {
  return kernels::cuda_emulator::shuffled(mask, value, kernels::cuda_emulator::Shuffle::kXor,
                                          static_cast<uint32_t>(lanes),
                                          static_cast<uint32_t>(width), where);
}
template <class T>
T atomicAdd(T* to, T value) {
  return kernels::cuda_emulator::atomic_add(to, value);
}
template <class T>
T __ldg(const T* from) {
  return *from;
}
inline int __popc(unsigned word) {
  return std::popcount(word);
}

inline float rsqrtf(float x) {
  return 1 / std::sqrt(x);
}

// ---- what device.cuh adds

namespace kernels {

inline void* dynamic_shared() {
  return cuda_emulator::dynamic_shared();
}

inline float fast_quotient(float a, float b) {
  return a / b;
}

inline uint32_t float_bits(float value) {
  return std::bit_cast<uint32_t>(value);
}
inline float float_of_bits(uint32_t bits) {
  return std::bit_cast<float>(bits);
}

inline float widen(float value) {
  return value;
}
inline float widen(bfloat16 value) {
  return to_float(value);
}
inline float widen(float16 value) {
  return to_float(value);
}

template <class T>
T narrow(float value) {
  return from_float<T>(value);
}

template <class T>
T element_of_word(uint32_t word, int index) {
  if constexpr (sizeof(T) == sizeof(word)) {
    return std::bit_cast<T>(word);
  } else {
    return {static_cast<uint16_t>(index == 0 ? word : word >> 16)};
  }
}

template <class T>
uint32_t word_of_elements(const float* values) {
  if constexpr (sizeof(T) == sizeof(uint32_t)) {
    return std::bit_cast<uint32_t>(values[0]);
  } else {
    return narrow<T>(values[0]).bits | uint32_t{narrow<T>(values[1]).bits} << 16;
  }
}

inline void require_aligned(const void* address, size_t bytes) {
  cuda_emulator::require_aligned(address, bytes);
}

template <int kBytes>
void cp_async(void* shared, const void* global, int source_bytes = kBytes) {
  static_assert(kBytes == 4 || kBytes == 8 || kBytes == 16);
  cuda_emulator::start_copy(shared, global, kBytes, static_cast<size_t>(source_bytes));
}
inline void cp_async_commit() {
  cuda_emulator::commit_copies();
}
template <int kGroups>
void cp_async_wait() {
  cuda_emulator::wait_for_copies(kGroups);
}
inline void cp_async_wait_all() {
  cuda_emulator::wait_for_all_copies();
}

template <int kCount>
void ldmatrix(uint32_t (&words)[kCount], const void* row,
              std::source_location where = std::source_location::current()) {
  cuda_emulator::load_matrices(words, kCount, row, false, where);
}
template <int kCount>
void ldmatrix_transposed(uint32_t (&words)[kCount], const void* row,
                         std::source_location where = std::source_location::current()) {
  cuda_emulator::load_matrices(words, kCount, row, true, where);
}

template <class T>
void mma_m16n8k16(float (&sum)[4], const uint32_t (&a)[4], const uint32_t (&b)[2],
                  std::source_location where = std::source_location::current()) {
  cuda_emulator::multiply_matrices(
      sum, a, b, [](uint16_t bits) { return to_float(T{bits}); }, where);
}

}  // namespace kernels
