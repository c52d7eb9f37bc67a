#pragma once

#include <vector>

#include "harness/tuning/cost_features.h"

namespace harness {

/// How far a round lies from the model at least, in log seconds: about what rounds on a machine
/// that does nothing else spread. A fit through few points claims less.
inline constexpr double kLeastDeviation = 0.03;

/// A time as the model has it, in log seconds a sequence.
struct CostEstimate {
  double log_seconds = 0;
  double deviation = 0;  ///< its standard error
};

/// Least squares on the log of measured times, with the terms' priors as further observations, so
/// that every cell has an estimate and what was never measured has a wide one. Solved by a
/// Householder QR decomposition.
class CostModel {
 public:
  struct Observation {
    std::vector<double> row;  ///< CostFeatures::row()
    double log_seconds = 0;   ///< of one round
  };

  /// Throws std::invalid_argument where a row and `terms` differ in length.
  CostModel(const std::vector<CostTerm>& terms, const std::vector<Observation>& observations);

  CostEstimate predict(const std::vector<double>& row) const;
  /// Of each term; an implementation's is its own time, not its distance from the mean.
  const std::vector<CostEstimate>& coefficients() const { return coefficients_; }
  /// Standard deviation of a round around the model, at least kLeastDeviation.
  double residual_deviation() const { return residual_deviation_; }

 private:
  double standard_error(const std::vector<double>& row) const;

  std::vector<CostEstimate> coefficients_;
  std::vector<double> inverse_factor_;  ///< of the QR decomposition's R, row by row
  double residual_deviation_ = kLeastDeviation;
};

}  // namespace harness
