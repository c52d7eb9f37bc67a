#include "apps/bench_kernels/window_lengths.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "model/window_file.h"

namespace apps {
namespace {

const std::string kWindows =
    std::string(BENCH_SOURCE_DIR) + "/sweeps/data/squad_train_384_512.safetensors";

/// Of every window in the tree's data, ascending.
std::vector<int64_t> all_lengths() {
  std::vector<int64_t> lengths;
  for (const model::Window& window : model::read_window_file(kWindows)) {
    lengths.push_back(static_cast<int64_t>(window.input_ids.size()));
  }
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

double mean(const std::vector<int64_t>& lengths) {
  return static_cast<double>(std::accumulate(lengths.begin(), lengths.end(), int64_t{0})) /
         static_cast<double>(lengths.size());
}

TEST(WindowLengths, are_quantiles_of_the_data) {
  const std::vector<int64_t> data = all_lengths();
  for (const size_t batch : {1, 2, 4, 8}) {
    const std::vector<int64_t> lengths = window_lengths(static_cast<int64_t>(batch), 384);
    ASSERT_EQ(lengths.size(), batch);
    for (size_t i = 0; i < batch; ++i) {
      EXPECT_EQ(lengths[i], data[data.size() * (2 * i + 1) / (2 * batch)]) << batch << ", " << i;
    }
  }
}

TEST(WindowLengths, have_the_mean_of_the_data) {
  const double expected = mean(all_lengths());
  EXPECT_NEAR(mean(window_lengths(4, 384)), expected, 0.02 * expected);
  EXPECT_NEAR(mean(window_lengths(8, 384)), expected, 0.02 * expected);
}

TEST(WindowLengths, are_cut_to_the_sequence) {
  EXPECT_EQ(window_lengths(4, 100), (std::vector<int64_t>{89, 100, 100, 100}));
}

TEST(WindowLengths, of_a_large_batch_are_those_of_8_again_and_again) {
  const std::vector<int64_t> once = window_lengths(8, 384);
  std::vector<int64_t> expected;
  for (int i = 0; i < 4; ++i) expected.insert(expected.end(), once.begin(), once.end());
  EXPECT_EQ(window_lengths(32, 384), expected);
}

TEST(WindowLengths, of_another_batch_are_refused) {
  for (const int64_t batch : {0, 3, 12}) {
    EXPECT_THROW(window_lengths(batch, 384), std::invalid_argument) << batch;
  }
}

}  // namespace
}  // namespace apps
