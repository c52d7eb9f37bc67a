#include "harness/tuning/cost_model.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <Eigen/Dense>

namespace harness {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Index = Eigen::Index;
using Observations = std::vector<CostModel::Observation>;

double mean_of(const Observations& observations) {
  double sum = 0;
  for (const auto& observation : observations) sum += observation.log_seconds;
  return observations.empty() ? 0 : sum / static_cast<double>(observations.size());
}

/// The observations' rows, then one a term that says "this is 0", as sure as its prior is.
Matrix augmented_rows(const std::vector<CostTerm>& terms, const Observations& observations) {
  const auto count = static_cast<Index>(observations.size());
  const auto width = static_cast<Index>(terms.size());
  Matrix rows = Matrix::Zero(count + width, width);
  for (Index i = 0; i < count; ++i) {
    const auto& row = observations[static_cast<std::size_t>(i)].row;
    if (row.size() != terms.size()) throw std::invalid_argument("a row and the terms differ");
    rows.row(i) = Eigen::Map<const Vector>(row.data(), width).transpose();
  }
  for (Index j = 0; j < width; ++j) {
    rows(count + j, j) = kLeastDeviation / terms[static_cast<std::size_t>(j)].prior_deviation;
  }
  return rows;
}

/// Of the measured rounds, with what freedom the terms leave them.
double deviation_of(const Vector& residuals, Index width) {
  const Index freedom = residuals.size() - width;
  if (freedom < 1) return kLeastDeviation;
  return std::max(kLeastDeviation,
                  std::sqrt(residuals.squaredNorm() / static_cast<double>(freedom)));
}

}  // namespace

CostModel::CostModel(const std::vector<CostTerm>& terms, const Observations& observations) {
  const double mean = mean_of(observations);
  const auto count = static_cast<Index>(observations.size());
  const auto width = static_cast<Index>(terms.size());
  const Matrix rows = augmented_rows(terms, observations);
  Vector times = Vector::Zero(rows.rows());
  for (Index i = 0; i < count; ++i) {
    times(i) = observations[static_cast<std::size_t>(i)].log_seconds - mean;
  }
  const Eigen::HouseholderQR<Matrix> decomposition(rows);
  const Vector solution = decomposition.solve(times);
  residual_deviation_ = deviation_of((times - rows * solution).head(count), width);
  const Matrix factor = decomposition.matrixQR().topRows(width).triangularView<Eigen::Upper>();
  const Matrix inverse =
      factor.triangularView<Eigen::Upper>().solve(Matrix::Identity(width, width));
  for (Index i = 0; i < width; ++i) {
    const bool has_mean =
        terms[static_cast<std::size_t>(i)].kind == CostTerm::Kind::kImplementation;
    coefficients_.push_back({solution(i) + (has_mean ? mean : 0), 0});
    for (Index j = 0; j < width; ++j) inverse_factor_.push_back(inverse(i, j));
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    std::vector<double> alone(terms.size(), 0);
    alone[i] = 1;
    coefficients_[i].deviation = standard_error(alone);
  }
}

double CostModel::standard_error(const std::vector<double>& row) const {
  double sum = 0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    double component = 0;
    for (std::size_t i = 0; i <= j; ++i) component += row[i] * inverse_factor_[i * row.size() + j];
    sum += component * component;
  }
  return residual_deviation_ * std::sqrt(sum);
}

CostEstimate CostModel::predict(const std::vector<double>& row) const {
  if (row.size() != coefficients_.size()) throw std::invalid_argument("a row and the terms differ");
  CostEstimate estimate{0, standard_error(row)};
  for (std::size_t i = 0; i < row.size(); ++i) {
    estimate.log_seconds += row[i] * coefficients_[i].log_seconds;
  }
  return estimate;
}

}  // namespace harness
