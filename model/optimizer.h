#pragma once

namespace model {

/// Updates the parameters it was made for from their gradients.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One update. Parameters without a gradient are left alone. State is allocated at the first
  /// step. Never waits for the device.
  virtual void step() = 0;

  /// Drop all gradients (freed, not zeroed).
  virtual void zero_grad() = 0;
};

}  // namespace model
