#include "kernels/core/dropout_bits.h"

#include <cmath>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

namespace kernels {
namespace {

constexpr int64_t kRows = 64;
constexpr int64_t kColumns = 512;

/// 1 where the stream keeps, over one head of one sequence.
std::vector<int> bits(const DropoutStream& stream, int64_t sequence = 0, int64_t head = 0) {
  std::vector<int> result;
  for (int64_t row = 0; row < kRows; ++row) {
    for (int64_t column = 0; column < kColumns; ++column) {
      result.push_back(keep(stream, sequence, head, row, column) ? 1 : 0);
    }
  }
  return result;
}

double share(const std::vector<int>& values) {
  double sum = 0;
  for (const int value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// How many standard deviations the share of agreeing bits is from that of independent streams.
double dependence(const std::vector<int>& a, const std::vector<int>& b) {
  const double pa = share(a);
  const double pb = share(b);
  double both = 0;
  for (size_t i = 0; i < a.size(); ++i) both += a[i] * b[i];
  const auto count = static_cast<double>(a.size());
  const double deviation = std::sqrt(pa * (1 - pa) * pb * (1 - pb) * count);
  return std::abs(both - pa * pb * count) / deviation;
}

TEST(DropoutBits, follow_their_definition) {
  const DropoutStream stream = {0x1122334455667788, 0x99aabbccddeeff00, 5, 6, 0.25, 3};
  // Head 2, sequence 3 + 1, row 7, column 300 = group 2, counter lane 12, k = 2: word 1, low half.
  const PhiloxCounter key =
      philox4x32({0xddeeff00, 0x99aabbcc, 5, 6 | 2 << 8}, {0x55667788, 0x11223344});
  const PhiloxCounter words = philox4x32({2 * 16 + 12, 7, 4, 0}, {key[0], key[1]});
  EXPECT_EQ(keep(stream, 1, 2, 7, 300), (words[1] & 0xffff) >= 16384);
  // Sixteen columns on it is the same word's high half.
  EXPECT_EQ(keep(stream, 1, 2, 7, 316), (words[1] >> 16) >= 16384);
}

TEST(DropoutBits, keep_the_stated_share) {
  for (const double probability : {0.1, 0.5, 0.9}) {
    const double kept = share(bits({1, 2, 3, 4, probability}));
    const double deviation = std::sqrt(probability * (1 - probability) / (kRows * kColumns));
    EXPECT_NEAR(kept, 1 - probability, 4 * deviation);
  }
}

TEST(DropoutBits, differ_for_every_part_of_the_key) {
  const DropoutStream stream = {1, 2, 3, 4, 0.3, 0};
  const std::vector<int> first = bits(stream);
  const std::vector<DropoutStream> others = {{2, 2, 3, 4, 0.3, 0},
                                             {1, 3, 3, 4, 0.3, 0},
                                             {1, 2, 4, 4, 0.3, 0},
                                             {1, 2, 3, 5, 0.3, 0},
                                             {1, 2, 3, 4, 0.3, 1},
                                             {(uint64_t{1} << 32) + 1, 2, 3, 4, 0.3, 0},
                                             {1, (uint64_t{1} << 32) + 2, 3, 4, 0.3, 0},
                                             {1, 2, 3, 4, 0.3, int64_t{1} << 32}};
  for (const DropoutStream& other : others) EXPECT_LT(dependence(first, bits(other)), 4.5);
  EXPECT_LT(dependence(first, bits(stream, 1, 0)), 4.5);
  EXPECT_LT(dependence(first, bits(stream, 0, 1)), 4.5);
}

TEST(DropoutBits, of_neighbours_are_independent) {
  const std::vector<int> all = bits({1, 2, 3, 4, 0.3, 0});
  for (const int64_t distance : {int64_t{1}, int64_t{16}, int64_t{128}, kColumns}) {
    EXPECT_LT(dependence({all.begin(), all.end() - distance}, {all.begin() + distance, all.end()}),
              4.5)
        << distance;
  }
}

TEST(DropoutBits, scale_undoes_the_exact_probability) {
  EXPECT_EQ(dropout_threshold(0.1), 6554U);
  EXPECT_EQ(dropout_scale(0.1), 65536.0 / (65536 - 6554));
  EXPECT_EQ(dropout_scale(0), 1);
  EXPECT_EQ(dropout_scale(0.9999999), 65536);
}

}  // namespace
}  // namespace kernels
