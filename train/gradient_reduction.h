#pragma once

namespace train {

/// Adds up gradients over the processes that train together. Every process makes the same calls in
/// the same order; each returns when all have made it, or throws where one of them is gone.
class GradientReduction {
 public:
  virtual ~GradientReduction() = default;

  /// The backward pass of a step's last micro-batch is about to run: gradients become final as it
  /// goes, and may be added up as they do. Gradients of the micro-batches before are there already.
  virtual void begin_last_backward() = 0;

  /// That backward pass is over. Afterwards every gradient is its sum over all processes.
  virtual void finish() = 0;

  /// Whether any process has `here`.
  virtual bool any(bool here) = 0;

  /// `here` summed over all processes, to the same bits in each.
  virtual double sum(double here) = 0;

  /// This process's number, from 0, and how many there are.
  virtual int rank() const = 0;
  virtual int processes() const = 0;
};

}  // namespace train
