#include "reports/markdown_table.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace reports {
namespace {

TEST(MarkdownTable, is_a_pipe_table_with_alignment) {
  MarkdownTable table({{"name", MarkdownTable::Align::kLeft}, {"rate"}});
  EXPECT_TRUE(table.empty());
  table.add_row({"fused", "1.5"});
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table.text(), "| name | rate |\n|:---|---:|\n| fused | 1.5 |\n\n");
}

TEST(MarkdownTable, cells_are_text_and_never_markup) {
  EXPECT_EQ(markdown_text("a|b\nc\t\x1b[0m"), "a\\|b c  \\[0m");
  EXPECT_EQ(markdown_text("<b> & `x` *y* \\"), "&lt;b> &amp; \\`x\\` \\*y\\* \\\\");
  EXPECT_EQ(markdown_text("normalize_invertible"), "normalize_invertible");
}

TEST(MarkdownTable, refuses_rows_of_another_length) {
  MarkdownTable table({{"name"}});
  EXPECT_THROW(table.add_row({}), std::logic_error);
}

}  // namespace
}  // namespace reports
