#include "kernels/core/sequence_rows.h"

#include <gtest/gtest.h>

#include "tests/kernels/support/sequences.h"

namespace kernels::testing {
namespace {

TEST(SequenceRows, finds_the_sequence_of_each_row_past_empty_ones) {
  const Sequences sequences({0, 2, 0, 1, 3, 0});
  const SequenceRows rows = sequences.view();
  EXPECT_EQ(rows.rows(), 6);
  const std::vector<int64_t> expected = {1, 1, 3, 4, 4, 4};
  for (int64_t row = 0; row < rows.rows(); ++row) {
    EXPECT_EQ(rows.sequence_of(row), expected[static_cast<size_t>(row)]) << row;
  }
}

TEST(SequenceRows, a_part_of_a_batch_counts_from_its_own_first_row) {
  const Sequences sequences({4, 0, 3, 5});
  const SequenceRows part = {sequences.offsets.data() + 1, 2};
  EXPECT_EQ(part.rows(), 3);
  EXPECT_EQ(part.begin(1), 0);
  EXPECT_EQ(part.length(1), 3);
  EXPECT_EQ(part.sequence_of(0), 1);
  EXPECT_EQ(part.sequence_of(2), 1);
}

TEST(RowCursor, walks_every_row_from_wherever_it_begins) {
  const Sequences sequences = ragged_sequences();
  const SequenceRows rows = sequences.view();
  for (const int64_t heads : {1, 3}) {
    struct Place {
      int64_t sequence, head, position;
    };
    std::vector<Place> expected;
    for (int64_t b = 0; b < rows.batch; ++b) {
      for (int64_t head = 0; head < heads; ++head) {
        for (int64_t i = 0; i < rows.length(b); ++i) expected.push_back({b, head, i});
      }
    }
    const auto count = static_cast<int64_t>(expected.size());
    ASSERT_EQ(count, heads * rows.rows());
    for (int64_t first = 0; first < count; ++first) {
      RowCursor cursor(rows, first, heads);
      for (int64_t row = first; row < count; ++row, cursor.advance()) {
        const Place& place = expected[static_cast<size_t>(row)];
        ASSERT_EQ(cursor.sequence(), place.sequence) << first << " " << row;
        ASSERT_EQ(cursor.head(), place.head) << first << " " << row;
        ASSERT_EQ(cursor.position(), place.position) << first << " " << row;
      }
    }
  }
}

}  // namespace
}  // namespace kernels::testing
