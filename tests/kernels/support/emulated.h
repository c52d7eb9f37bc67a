#pragma once

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/core/cuda_emulator/launch.h"
#include "tests/kernels/support/everywhere.h"
#include "tests/kernels/support/guarded.h"

namespace kernels::testing {

using cuda_emulator::DeviceBuffer;

/// A buffer's name beside its values as doubles.
template <class T>
std::vector<double> doubles_of(const DeviceBuffer<T>& buffer) {
  return to_doubles(buffer.values());
}

/// Runs `run` under the emulator, a second time in another order: the bits are the same, and near
/// `expected`.
inline void check_emulated(const std::function<Outputs()>& run, const Outputs& expected,
                           const Tolerances& tolerances, const std::string& problem) {
  const uint64_t threads = cuda_emulator::threads_run();
  cuda_emulator::seed_schedule(1);
  const Outputs first = run();
  expect_near(first, expected, tolerances, problem);
  cuda_emulator::seed_schedule(2);
  expect_same(run(), first, problem + " in another order");
  EXPECT_GT(cuda_emulator::threads_run(), threads) << problem << " ran on no device";
}

}  // namespace kernels::testing
