#pragma once

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/core/cuda_emulator/launch.h"

namespace kernels::cuda_emulator {

/// That `run` ends with `fault` whatever the order of threads, in a message that has all of
/// `parts`.
inline void expect_fault(Fault fault, const std::vector<std::string>& parts,
                         const std::function<void()>& run) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    seed_schedule(seed);
    try {
      run();
      ADD_FAILURE() << "nothing was found with seed " << seed;
    } catch (const EmulatorError& error) {
      EXPECT_EQ(error.fault(), fault) << error.what();
      for (const std::string& part : parts) EXPECT_THAT(error.what(), ::testing::HasSubstr(part));
    }
  }
}

}  // namespace kernels::cuda_emulator
