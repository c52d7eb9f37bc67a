#include "reports/text_table.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace reports {
namespace {

using Align = TextTable::Align;

TEST(TextTable, aligns_columns_and_leaves_no_trailing_blanks) {
  TextTable table({{"name", Align::kLeft}, {"rate"}, {"note", Align::kLeft}});
  table.add_row({"a", "1.25", "x"});
  table.add_row({"longer", "12.5", ""});
  EXPECT_EQ(table.text(false),
            "  name    rate  note\n"
            "  a       1.25  x\n"
            "  longer  12.5\n");
}

TEST(TextTable, cells_may_hold_several_lines) {
  TextTable table({{"two\nlines", Align::kLeft}, {"n"}});
  table.add_row({"a\nb", "1"});
  EXPECT_EQ(table.text(false),
            "  two    n\n"
            "  lines\n"
            "  a      1\n"
            "  b\n");
}

TEST(TextTable, width_counts_characters_not_bytes) {
  TextTable table({{"×", Align::kLeft}, {"n"}});
  table.add_row({"µµ", "1"});
  EXPECT_EQ(table.text(false), "  ×   n\n  µµ  1\n");
}

TEST(TextTable, styles_are_escape_codes_around_the_text_alone) {
  TextTable table({{"n"}, {"m"}});
  table.add_row({TextTable::Cell("1", Style::kRed), "200"});
  EXPECT_EQ(table.text(true), "  \x1b[1mn\x1b[0m    \x1b[1mm\x1b[0m\n  \x1b[31m1\x1b[0m  200\n");
  EXPECT_EQ(styled("ok", Style::kGreen, true), "\x1b[32mok\x1b[0m");
  EXPECT_EQ(styled("ok", Style::kPlain, true), "ok");
  EXPECT_EQ(styled("", Style::kRed, true), "");
}

TEST(TextTable, refuses_rows_of_another_length) {
  TextTable table({{"n"}});
  EXPECT_THROW(table.add_row({"1", "2"}), std::logic_error);
  EXPECT_TRUE(table.empty());
}

TEST(TextTable, text_breaks_at_spaces) {
  EXPECT_EQ(wrapped("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrapped("overlongword x", 5, 0), "overlongword\nx");
  EXPECT_EQ(wrapped("", 5, 2), "");
}

TEST(TextTable, flags_break_before_a_plus) {
  EXPECT_EQ(wrapped_flags("aaa+bbb+ccc", 7), "aaa+bbb\n+ccc");
  EXPECT_EQ(wrapped_flags("aaa+bbb+ccc", 3), "aaa\n+bbb\n+ccc");
  EXPECT_EQ(wrapped_flags("none", 3), "none");
}

}  // namespace
}  // namespace reports
