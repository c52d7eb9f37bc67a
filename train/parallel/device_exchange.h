#pragma once

#include <span>

#include <ATen/core/Tensor.h>

namespace train {

/// What processes tell each other from their devices' memory, beside MPI, which moves the host's.
/// Calls are made by every process in the same order and are queued behind what the current stream
/// of the tensors' device has to do.
class DeviceExchange {
 public:
  virtual ~DeviceExchange() = default;

  /// Copies the tensors of process `root` over the same ones of all others.
  virtual void broadcast(std::span<const at::Tensor> tensors, int root) = 0;

  /// Begins to replace `values` (fp32, contiguous) by their sums over all processes, beside what
  /// the current stream goes on with; it must not touch them before finish_sums().
  virtual void start_sum(const at::Tensor& values) = 0;

  /// Has the current stream wait for the sums; the host does not.
  virtual void finish_sums() = 0;
};

}  // namespace train
