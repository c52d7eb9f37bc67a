#include "harness/plan/fit_search.h"

#include <functional>

#include <gtest/gtest.h>

namespace harness {
namespace {

struct Answer {
  std::optional<int64_t> largest;
  std::size_t probes;
};

Answer search(int64_t low, int64_t high, int64_t usable,
              const std::function<std::optional<int64_t>(int64_t)>& peak) {
  FitSearch fit(low, high, usable);
  PeakSamples samples;
  while (const auto probe = fit.next_probe(samples)) {
    EXPECT_GE(*probe, low);
    EXPECT_LE(*probe, high);
    EXPECT_TRUE(samples.emplace(*probe, peak(*probe)).second) << "asked twice about " << *probe;
    if (samples.size() > 200) {
      ADD_FAILURE() << "does not end";
      break;
    }
  }
  return {fit.largest_fit(), samples.size()};
}

int64_t linear(int64_t m) {
  return 100 + 7 * m;
}

TEST(FitSearch, finds_every_boundary_of_a_linear_peak) {
  for (int64_t usable = 100; usable < 900; ++usable) {
    const int64_t largest = (usable - 100) / 7;
    const auto got = search(1, 1000, usable, linear).largest;
    EXPECT_EQ(got, largest >= 1 ? std::optional(largest) : std::nullopt) << usable;
  }
}

TEST(FitSearch, stays_within_its_region) {
  EXPECT_EQ(search(24, 65536, linear(23), linear).largest, std::nullopt);
  EXPECT_EQ(search(24, 65536, linear(24), linear).largest, 24);
  EXPECT_EQ(search(1, 23, linear(100), linear).largest, 23);
  EXPECT_EQ(search(5, 5, linear(5), linear).largest, 5);
}

TEST(FitSearch, needs_few_probes_where_the_peak_is_linear) {
  EXPECT_LE(search(1, 65536, linear(40000), linear).probes, 20U);
}

TEST(FitSearch, ends_where_the_peak_is_far_from_linear) {
  const auto steep = [](int64_t m) { return m < 40000 ? m : m * 1000000; };
  const Answer got = search(1, 65536, 1000000, steep);
  EXPECT_EQ(got.largest, 39999);
  EXPECT_LE(got.probes, 17U + 5U + 16U);
}

TEST(FitSearch, an_unsupported_cell_does_not_fit) {
  EXPECT_EQ(search(1, 100, 1000, [](int64_t) { return std::nullopt; }).largest, std::nullopt);
  const auto up_to_ten = [](int64_t m) {
    return m <= 10 ? std::optional<int64_t>(m) : std::nullopt;
  };
  EXPECT_EQ(search(1, 100, 1000, up_to_ten).largest, 10);
}

TEST(FitSearch, uses_samples_of_other_searches) {
  FitSearch fit(1, 1000, linear(50));
  const PeakSamples samples = {{50, linear(50)}, {51, linear(51)}};
  EXPECT_EQ(fit.next_probe(samples), std::nullopt);
  EXPECT_EQ(fit.largest_fit(), 50);
}

}  // namespace
}  // namespace harness
