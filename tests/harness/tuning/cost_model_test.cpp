#include "harness/tuning/cost_model.h"

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

namespace harness {
namespace {

const std::vector<CostTerm> kTerms = {{CostTerm::Kind::kImplementation, "fused", 1.0},
                                      {CostTerm::Kind::kMicroBatch, "fused", 1.0},
                                      {CostTerm::Kind::kFlag, "gelu_checkpoint", 0.5}};

CostModel fitted() {
  return {kTerms,
          {{{1, 1.0, 0}, std::log(0.020)},
           {{1, 0.5, 1}, std::log(0.018)},
           {{1, 0.25, 0}, std::log(0.0125)},
           {{1, 0.25, 1}, std::log(0.0140)},
           {{1, 1.0, 1}, std::log(0.0230)}}};
}

// NumPy 2.4.6: c = numpy.linalg.lstsq(A, b) with A the five rows above and three of the priors
// (0.03 / prior on the diagonal), b the logs less their mean -4.070478434721573 and three zeros;
// the mean added to c[0]. s = sqrt(r @ r / (5 - 3)) over the five residuals; the standard errors
// are s * sqrt(diag(inv(A.T @ A))), that of x is s * sqrt(x @ inv(A.T @ A) @ x).
TEST(CostModel, agrees_with_numpy) {
  const CostModel model = fitted();
  ASSERT_EQ(model.coefficients().size(), 3U);
  EXPECT_NEAR(model.coefficients()[0].log_seconds, -4.540685301365103, 1e-12);
  EXPECT_NEAR(model.coefficients()[1].log_seconds, 0.6306364851878085, 1e-12);
  EXPECT_NEAR(model.coefficients()[2].log_seconds, 0.15318268794473536, 1e-12);
  EXPECT_NEAR(model.residual_deviation(), 0.048758089135458475, 1e-12);
  EXPECT_NEAR(model.coefficients()[0].deviation, 0.05292959631509551, 1e-12);
  EXPECT_NEAR(model.coefficients()[1].deviation, 0.06434648572776361, 1e-12);
  EXPECT_NEAR(model.coefficients()[2].deviation, 0.044516494385504764, 1e-12);
  const CostEstimate estimate = model.predict({1, 0.5, 0});
  EXPECT_NEAR(estimate.log_seconds, -4.225367058771199, 1e-12);
  EXPECT_NEAR(estimate.deviation, 0.035360107387299965, 1e-12);
}

// The prior alone: 0 around the mean, with its own deviation (all three are independent).
TEST(CostModel, without_measurements_knows_what_its_priors_say) {
  const CostModel model(kTerms, {});
  EXPECT_EQ(model.residual_deviation(), kLeastDeviation);
  const CostEstimate estimate = model.predict({1, 1, 1});
  EXPECT_NEAR(estimate.log_seconds, 0, 1e-12);
  EXPECT_NEAR(estimate.deviation, std::sqrt(1 + 1 + 0.25), 1e-12);
}

// One observation of the implementation: its deviation falls from 1 to sqrt(1 / (1 + 1 / 0.03^2)) =
// 0.02998651, and the flag, which was not seen, keeps its own.
TEST(CostModel, what_was_never_measured_stays_wide) {
  const CostModel model(kTerms, {{{1, 0, 0}, -4}});
  EXPECT_NEAR(model.predict({1, 0, 0}).log_seconds, -4, 1e-12);
  EXPECT_NEAR(model.predict({1, 0, 0}).deviation, 0.02998651, 1e-8);
  EXPECT_NEAR(model.predict({0, 0, 1}).deviation, 0.5, 1e-12);
}

TEST(CostModel, refuses_rows_of_another_length) {
  EXPECT_THROW(CostModel(kTerms, {{{1, 0}, -4}}), std::invalid_argument);
  EXPECT_THROW(fitted().predict({1, 0}), std::invalid_argument);
}

}  // namespace
}  // namespace harness
