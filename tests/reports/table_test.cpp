#include "reports/table.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reports {
namespace {

using testing::ElementsAre;

TEST(Table, refuses_rows_of_another_length) {
  Table table({"a", "b"});
  EXPECT_THROW(table.add_row({"1"}), std::logic_error);
  EXPECT_THROW(table.add_row({"1", "2", "3"}), std::logic_error);
  EXPECT_TRUE(table.rows().empty());
}

TEST(Table, selects_columns_in_the_order_asked_for) {
  Table table({"a", "b", "c"});
  table.add_row({"1", "2", "3"});
  const Table selected = select_columns(table, {"c", "a"});
  EXPECT_THAT(selected.columns(), ElementsAre("c", "a"));
  EXPECT_THAT(selected.rows(), ElementsAre(ElementsAre("3", "1")));
}

TEST(Table, knows_no_column_that_it_has_not) {
  EXPECT_EQ(Table({"a", "b"}).column("b"), 1U);
  EXPECT_THROW(Table({"a"}).column("b"), std::logic_error);
  EXPECT_THROW(select_columns(Table({"a"}), {"b"}), std::logic_error);
}

}  // namespace
}  // namespace reports
