#include "harness/tuning/screening.h"

#include <algorithm>

#include <Eigen/Core>

#include "harness/tuning/cost_model.h"

namespace harness {
namespace {

/// The covariance of the model's terms: what is still unknown of them.
class Uncertainty {
 public:
  explicit Uncertainty(const std::vector<CostTerm>& terms) {
    const auto width = static_cast<Eigen::Index>(terms.size());
    covariance_ = Eigen::MatrixXd::Zero(width, width);
    for (Eigen::Index i = 0; i < width; ++i) {
      const double deviation = terms[static_cast<std::size_t>(i)].prior_deviation;
      covariance_(i, i) = deviation * deviation;
    }
  }

  /// Variance of the time of a cell with this row.
  double variance(const std::vector<double>& row) const {
    const auto x = as_vector(row);
    return x.dot(covariance_ * x);
  }

  /// A cell with this row is measured once (Sherman and Morrison's update).
  void measured(const std::vector<double>& row) {
    const auto x = as_vector(row);
    const Eigen::VectorXd gain = covariance_ * x;
    covariance_ -= gain * gain.transpose() / (kLeastDeviation * kLeastDeviation + x.dot(gain));
  }

 private:
  static Eigen::Map<const Eigen::VectorXd> as_vector(const std::vector<double>& row) {
    return {row.data(), static_cast<Eigen::Index>(row.size())};
  }

  Eigen::MatrixXd covariance_;
};

}  // namespace

std::vector<std::size_t> choose_screening(const CostFeatures& features,
                                          const std::vector<Cell>& cells,
                                          const std::vector<std::size_t>& known,
                                          const std::vector<std::size_t>& available,
                                          std::size_t count) {
  Uncertainty uncertainty(features.terms());
  for (const std::size_t i : known) uncertainty.measured(features.row(cells[i]));
  std::vector<std::size_t> left = available;
  std::vector<std::size_t> chosen;
  while (chosen.size() < count && !left.empty()) {
    const auto less_known = [&](std::size_t a, std::size_t b) {
      return uncertainty.variance(features.row(cells[a])) <
             uncertainty.variance(features.row(cells[b]));
    };
    const auto next = std::max_element(left.begin(), left.end(), less_known);
    chosen.push_back(*next);
    uncertainty.measured(features.row(cells[*next]));
    left.erase(next);
  }
  return chosen;
}

}  // namespace harness
