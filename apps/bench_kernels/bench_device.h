#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>
#include <benchmark/benchmark.h>

#include "apps/bench_kernels/ceilings.h"

namespace apps {

/// What of the benchmark is its device's own: where tensors lie, how a line is timed, what it is
/// compared with. The operators know of it no more than the at::Device.
class BenchDevice {
 public:
  BenchDevice() = default;
  BenchDevice(const BenchDevice&) = delete;
  BenchDevice& operator=(const BenchDevice&) = delete;
  virtual ~BenchDevice() = default;

  virtual at::Device torch_device() const = 0;
  /// Those that the device computes in, the exact one first.
  virtual std::vector<at::ScalarType> precisions() const = 0;
  virtual Ceilings& ceilings() = 0;

  /// Says to Google Benchmark whose time counts.
  virtual void prepare(benchmark::internal::Benchmark& line) const = 0;
  /// Runs `run` as often as `state` asks for, and gives it the times; seconds of a run.
  virtual double time(benchmark::State& state, const std::function<void()>& run) = 0;

  /// What the output says of the device and its ceilings, by key.
  virtual std::vector<std::pair<std::string, std::string>> context() const = 0;
};

}  // namespace apps
