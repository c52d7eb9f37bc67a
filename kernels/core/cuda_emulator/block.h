#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/core/cuda_emulator/async_copies.h"
#include "kernels/core/cuda_emulator/fault.h"
#include "kernels/core/cuda_emulator/fiber.h"
#include "kernels/core/cuda_emulator/shadow.h"
#include "kernels/core/cuda_emulator/shared_memory.h"
#include "kernels/core/launch_shape.h"

namespace kernels::cuda_emulator {

class Block;

/// Ends a warp operation when all lanes of its mask are there: reads their arguments and writes
/// their results. `lanes[i]` is lane i's argument, null if i is not in the mask.
using WarpOperation = void (*)(Block& block, uint32_t warp, const std::array<void*, 32>& lanes);

/// A thread of the block that runs.
struct Thread {
  enum class State : uint8_t { kRunnable, kAtBarrier, kInWarpOperation, kFinished };

  Block* block = nullptr;
  Extent index = {};
  uint16_t number = 0;
  State state = State::kRunnable;
  void* stack_pointer = nullptr;
  uintptr_t stack_low = 0;
  // Happens-before within the warp (shadow.h).
  uint32_t clock = 1;
  std::array<uint32_t, kWarpLanes> view = {};
  // What it waits at.
  std::source_location where = {};
  uint32_t mask = 0;
  WarpOperation operation = nullptr;
  void* argument = nullptr;
  AsyncCopies copies;
};

/// A kernel with its arguments, for run_grid.
struct KernelCall {
  std::string_view name;
  void (*run)(const void* arguments);
  const void* arguments;
  size_t bytes;  ///< of `arguments`, which device code may read
};

/// Runs the blocks of a grid one after another: its threads by turns, from one synchronisation to
/// the next, in an order that `random` decides. A warp runs until none of its lanes can go on.
class Block {
 public:
  Block(const KernelCall& call, const LaunchShape& shape, std::mt19937_64& random);

  /// Runs the block at `index` of the grid to its end. Throws EmulatorError.
  void run(Extent index);

  // What follows is called by the thread that runs.

  void wait_at_barrier(Thread& thread, std::source_location where);
  void wait_for_warp(Thread& thread, uint32_t mask, WarpOperation operation, void* argument,
                     std::source_location where);
  void* shared_variable(Thread& thread, const void* tag, size_t bytes, size_t alignment);

  /// Ends the launch: the thread does not go on.
  [[noreturn]] void fail(Thread& thread, Fault fault, const std::string& what);

  Thread& thread(uint32_t warp, uint32_t lane) { return threads_[warp * kWarpLanes + lane]; }
  Moment moment(const Thread& thread) const;
  std::string name_of(const Thread& thread) const;
  std::string name_of(uint16_t number) const { return name_of(threads_[number]); }

  /// __syncwarp: what the lanes of `mask` did lies before what they do.
  void order_lanes(uint32_t warp, uint32_t mask);

  const KernelCall& call() const { return call_; }
  const LaunchShape& shape() const { return shape_; }
  Extent index() const { return index_; }
  SharedMemory& shared() { return shared_; }

 private:
  struct Warp {
    uint32_t exists = 0;    ///< lanes that the block has
    uint32_t runnable = 0;  ///< lanes that can go on
    uint32_t syncs = 0;
  };

  static void thread_entry();

  void begin(Extent index);
  uint32_t take_lane(Warp& warp);
  void resume(Thread& thread);
  void pause(Thread& thread);
  void make_runnable(Thread& thread);
  void finish(Thread& thread);
  [[noreturn]] void report_stall();
  std::string where_it_is(const Thread& thread) const;
  std::string prefix() const;

  KernelCall call_;
  LaunchShape shape_;
  std::mt19937_64& random_;
  Extent index_ = {};
  SharedMemory shared_;
  std::vector<Thread> threads_;
  std::vector<Warp> warps_;
  uint32_t finished_ = 0;
  uint32_t at_barrier_ = 0;
  uint32_t launch_interval_;
  uint32_t block_interval_ = 0;
  uint32_t interval_ = 0;
  void* scheduler_ = nullptr;
  bool failed_ = false;
  Fault fault_ = Fault::kBadLaunch;
  std::string error_;
};

/// The thread that runs; null outside kernels.
Thread* running_thread();

}  // namespace kernels::cuda_emulator
