// What becomes of std::atomic in code compiled with -fsanitize=thread: the operations themselves.
// They are host code's (the standard library counts references with them); device code has
// atomicAdd.

#include <cstdint>

#define BENCH_ATOMICS(bits, Value)                                                       \
  Value __tsan_atomic##bits##_load(const volatile Value* from, int) {                    \
    return __atomic_load_n(from, __ATOMIC_SEQ_CST);                                      \
  }                                                                                      \
  void __tsan_atomic##bits##_store(volatile Value* to, Value value, int) {               \
    __atomic_store_n(to, value, __ATOMIC_SEQ_CST);                                       \
  }                                                                                      \
  Value __tsan_atomic##bits##_exchange(volatile Value* to, Value value, int) {           \
    return __atomic_exchange_n(to, value, __ATOMIC_SEQ_CST);                             \
  }                                                                                      \
  Value __tsan_atomic##bits##_fetch_add(volatile Value* to, Value value, int) {          \
    return __atomic_fetch_add(to, value, __ATOMIC_SEQ_CST);                              \
  }                                                                                      \
  Value __tsan_atomic##bits##_fetch_sub(volatile Value* to, Value value, int) {          \
    return __atomic_fetch_sub(to, value, __ATOMIC_SEQ_CST);                              \
  }                                                                                      \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile Value* to, Value* expected, \
                                                    Value value, int, int) {             \
    return __atomic_compare_exchange_n(to, expected, value, false, __ATOMIC_SEQ_CST,     \
                                       __ATOMIC_SEQ_CST);                                \
  }                                                                                      \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile Value* to, Value* expected,   \
                                                  Value value, int, int) {               \
    return __atomic_compare_exchange_n(to, expected, value, true, __ATOMIC_SEQ_CST,      \
                                       __ATOMIC_SEQ_CST);                                \
  }

extern "C" {

BENCH_ATOMICS(8, uint8_t)
BENCH_ATOMICS(16, uint16_t)
BENCH_ATOMICS(32, uint32_t)
BENCH_ATOMICS(64, uint64_t)

void __tsan_atomic_thread_fence(int) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
void __tsan_atomic_signal_fence(int) {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

}  // extern "C"
