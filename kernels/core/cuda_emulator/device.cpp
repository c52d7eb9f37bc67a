#include "kernels/core/cuda_emulator/device.h"

#include "kernels/core/cuda_emulator/access.h"
#include "kernels/core/cuda_emulator/block.h"

namespace kernels::cuda_emulator {
namespace {

Thread& self() {
  return *running_thread();
}

template <class T>
T add(T* to, T value, const void* from) {
  check_aligned(self(), to, sizeof(T), from);
  check_access(self(), to, sizeof(T), Access::kAtomic, from);
  const T before = *to;
  *to = before + value;
  return before;
}

}  // namespace

Extent thread_index() {
  return self().index;
}
Extent block_index() {
  return self().block->index();
}
Extent block_extent() {
  return self().block->shape().block;
}
Extent grid_extent() {
  return self().block->shape().grid;
}
uint32_t thread_number() {
  return self().number;
}

void* shared_variable(const void* tag, size_t bytes, size_t alignment) {
  return self().block->shared_variable(self(), tag, bytes, alignment);
}
void* dynamic_shared() {
  return self().block->shared().dynamic();
}

void barrier(Where where) {
  self().block->wait_at_barrier(self(), where);
}

int32_t atomic_add(int32_t* to, int32_t value) {
  return add(to, value, __builtin_return_address(0));
}
uint32_t atomic_add(uint32_t* to, uint32_t value) {
  return add(to, value, __builtin_return_address(0));
}
float atomic_add(float* to, float value) {
  return add(to, value, __builtin_return_address(0));
}
double atomic_add(double* to, double value) {
  return add(to, value, __builtin_return_address(0));
}

void require_aligned(const void* address, size_t bytes) {
  check_aligned(self(), address, bytes, __builtin_return_address(0));
}

void start_copy(void* target, const void* source, size_t bytes, size_t source_bytes) {
  self().copies.start(self(), target, source, bytes, source_bytes);
}
void commit_copies() {
  self().copies.commit();
}
void wait_for_copies(uint32_t groups) {
  self().copies.wait(self(), groups);
}
void wait_for_all_copies() {
  self().copies.wait_all(self());
}

}  // namespace kernels::cuda_emulator
