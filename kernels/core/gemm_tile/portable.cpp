#include <cstring>

#include "kernels/core/bfloat16.h"
#include "kernels/core/gemm_tile/pack_scalar.h"
#include "kernels/core/gemm_tile/tile.h"

namespace kernels {
namespace {

template <class Element>
struct Source {
  using T = Element;
  static float widen(T value) { return to_float(value); }
};

/// Vectors of four floats in the compiler's own notation: SSE2 on any x86-64.
template <class Element>
struct Simd {
  using T = Element;
  using Vector [[gnu::vector_size(16)]] = float;
  static constexpr int kLanes = 4;
  static constexpr int kRowPitch = 4;
  static constexpr int kRows = 4;
  static constexpr int kVectors = 2;

  static Vector all(float value) { return Vector{value, value, value, value}; }
  static Vector zero() { return all(0); }
  static Vector broadcast(const char* p) {
    float value;
    std::memcpy(&value, p, sizeof(value));
    return all(value);
  }
  static Vector half(const char*) { return zero(); }
  static Vector load_panel(const char* p) {
    Vector value;
    std::memcpy(&value, p, sizeof(value));
    return value;
  }
  static Vector add(Vector a, Vector b) { return a + b; }
  static Vector multiply(Vector a, Vector b) { return a * b; }
  static Vector multiply_add(Vector a, Vector b, Vector sum) { return a * b + sum; }

  static Vector load(const float* p, int lanes) { return load_elements(p, lanes); }
  static Vector load_c(const T* p, int lanes) { return load_elements(p, lanes); }
  static void store(float* p, int lanes, Vector value) {
    for (int i = 0; i < lanes; ++i) p[i] = value[i];
  }
  static void store_c(T* p, int lanes, Vector value) {
    for (int i = 0; i < lanes; ++i) {
      if constexpr (sizeof(T) == sizeof(float)) {
        p[i] = value[i];
      } else {
        p[i] = to_bfloat16(value[i]);
      }
    }
  }

 private:
  template <class From>
  static Vector load_elements(const From* p, int lanes) {
    Vector value = zero();
    for (int i = 0; i < lanes; ++i) value[i] = to_float(p[i]);
    return value;
  }
};

}  // namespace

const MicroKernel& portable_float_kernel() {
  static constexpr MicroKernel kKernel =
      tile::kernel_of_floats<Simd<float>, scalar_pack::pack<Source<float>>>();
  return kKernel;
}

const MicroKernel& portable_bfloat16_kernel() {
  static constexpr MicroKernel kKernel =
      tile::kernel_of_floats<Simd<bfloat16>, scalar_pack::pack<Source<bfloat16>>>();
  return kKernel;
}

}  // namespace kernels
