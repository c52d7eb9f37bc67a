#include "simulated/draws.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/simulated/simulated_cells.h"

namespace simulated {
namespace {

uint64_t first(const harness::Cell& cell, const char* purpose = "noise") {
  return draws_of_cell(cell, purpose)();
}

TEST(Draws, follow_from_seed_stream_axes_and_purpose) {
  const auto cell = make_cell();
  const auto value = first(cell);
  EXPECT_EQ(first(cell), value);
  EXPECT_NE(first(cell, "faults"), value);
  const auto changed = [&](auto change) {
    auto other = cell;
    change(other);
    return first(other);
  };
  EXPECT_NE(changed([](auto& c) { c.measure.seed = 2; }), value);
  EXPECT_NE(changed([](auto& c) { c.device.simulated->stream = 1; }), value);
  EXPECT_NE(changed([](auto& c) { c.micro_batch = 5; }), value);
  EXPECT_NE(changed([](auto& c) { c.flags = {"gelu_checkpoint"}; }), value);
  EXPECT_NE(changed([](auto& c) { c.model_axes = {{"layers", "2"}}; }), value);
}

TEST(Draws, do_not_follow_from_where_files_lie_or_what_the_device_costs) {
  auto cell = make_cell();
  const auto value = first(cell);
  cell.data.file = "/elsewhere";
  cell.device.simulated->implementations["fused"].base_s = 1;
  EXPECT_EQ(first(cell), value);
}

TEST(Draws, a_check_has_those_of_its_combination) {
  auto cell = make_cell();
  const auto value = draws_of_check(cell, "fault")();
  cell.micro_batch = 64;
  EXPECT_EQ(draws_of_check(cell, "fault")(), value);
  cell.precision = "bf16";
  EXPECT_NE(draws_of_check(cell, "fault")(), value);
}

// 10,000 draws: the bounds below are five standard errors wide.
TEST(Draws, have_the_probability_and_the_deviation_that_they_are_asked_for) {
  auto draws = draws_of_cell(make_cell(), "");
  constexpr int kDraws = 10000;
  int happened = 0;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    happened += happens(0.1, draws);
    const double logarithm = std::log(log_normal(0.05, draws));
    sum += logarithm;
    squares += logarithm * logarithm;
  }
  EXPECT_NEAR(happened, 1000, 150);
  EXPECT_NEAR(sum / kDraws, 0, 0.0025);
  EXPECT_NEAR(std::sqrt(squares / kDraws), 0.05, 0.0018);
  EXPECT_FALSE(happens(0, draws));
  EXPECT_TRUE(happens(1, draws));
  EXPECT_EQ(log_normal(0, draws), 1);
}

}  // namespace
}  // namespace simulated
