#include "model/sequence_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace model {
namespace {

using testing::ElementsAre;

TEST(SequenceLayout, offsets_count_rows_of_padding_or_of_tokens) {
  EXPECT_THAT(make_layout({3, 0, 2}, 4, 0, RowLayout::kPadded).offsets, ElementsAre(0, 4, 8, 12));
  EXPECT_THAT(make_layout({3, 0, 2}, 4, 0, RowLayout::kPacked).offsets, ElementsAre(0, 3, 3, 5));
}

TEST(SequenceLayout, device_rows_are_the_offsets_then_the_lengths) {
  const SequenceLayout layout = make_layout({3, 0, 2}, 4, 0, RowLayout::kPacked);
  const at::Tensor rows = device_rows(layout, at::kCPU);
  ASSERT_EQ(rows.scalar_type(), at::kLong);
  const auto* const values = rows.const_data_ptr<int64_t>();
  EXPECT_THAT(std::vector<int64_t>(values, values + rows.numel()),
              ElementsAre(0, 3, 3, 5, 3, 0, 2));
  const at::Tensor planned = device_rows(layout, at::kMeta);
  EXPECT_TRUE(planned.is_meta());
  EXPECT_EQ(planned.numel(), 7);
}

}  // namespace
}  // namespace model
