#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/protocol/cell.h"

namespace harness {

/// One term of the cost model, a column of its matrix.
struct CostTerm {
  enum class Kind {
    kImplementation,   ///< log seconds a sequence of `subject` with huge micro-batches
    kMicroBatch,       ///< what the smallest micro-batch adds to it; falls with 1 / micro-batch
    kLargeMicroBatch,  ///< what the largest micro-batch adds; rises with it
    kOptimizer,        ///< what `subject` adds over the first optimizer
    kFlag,             ///< what the flag `subject` adds
  };
  Kind kind;
  std::string subject;  ///< an implementation, optimizer or flag; empty for kLargeMicroBatch
  /// What is believed before anything is measured: a normal distribution around 0 (around the mean
  /// of what was measured for kImplementation) with this standard deviation, in log seconds. Wide;
  /// it decides only where nothing was measured.
  double prior_deviation;
};

/// "implementation", "micro_batch", "large_micro_batch", "optimizer", "flag".
std::string_view to_string(CostTerm::Kind kind);

/// The log of a step's time as a sum: of the implementation, of what small micro-batches cost it,
/// of what large ones cost, of the optimizer and of each flag. Large micro-batches and flags cost
/// every implementation the same here: where that is wrong, the trials after the screening show it.
class CostFeatures {
 public:
  /// The terms that tell `cells` apart.
  explicit CostFeatures(const std::vector<Cell>& cells);

  const std::vector<CostTerm>& terms() const { return terms_; }
  /// The cell's value of every term, from 0 to 1.
  std::vector<double> row(const Cell& cell) const;

 private:
  std::vector<CostTerm> terms_;
  int64_t smallest_micro_batch_ = 1;
  int64_t largest_micro_batch_ = 1;
};

}  // namespace harness
