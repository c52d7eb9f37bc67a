#include "reports/html/html_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reports {
namespace {

using testing::HasSubstr;
using testing::Not;

Table sample_table() {
  Table table({"flags", "peak_bytes"});
  table.add_row({"none", "1048576"});
  table.add_row({"gelu_checkpoint", ""});
  return table;
}

TEST(HtmlTable, a_field_stands_beside_what_is_shown_where_they_differ) {
  const std::string html = table_element(html_table("Peaks", "memory.csv", sample_table()));
  EXPECT_THAT(html, HasSubstr("<td>none</td><td class=\"number\" data-value=\"1048576\">1.0</td>"));
  EXPECT_THAT(html, HasSubstr("<td>gelu_checkpoint</td><td class=\"number\"></td>"));
  EXPECT_THAT(html, HasSubstr("<table data-file=\"memory.csv\">\n<caption>Peaks</caption>"));
  EXPECT_THAT(html, HasSubstr("data-column=\"peak_bytes\" class=\"number\""));
  EXPECT_THAT(html, Not(HasSubstr("record")));
}

TEST(HtmlTable, escapes_every_text) {
  Table table({"<i>\"column\"</i>"});
  table.add_row({"</td><script>alert('&')</script>"});
  const std::string html = table_element(html_table("a < b", "\"file\"", table));
  EXPECT_THAT(html, HasSubstr("&lt;/td&gt;&lt;script&gt;alert(&apos;&amp;&apos;)&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("data-column=\"&lt;i&gt;&quot;column&quot;&lt;/i&gt;\""));
  EXPECT_THAT(html, HasSubstr("<caption>a &lt; b</caption>"));
  EXPECT_THAT(html, HasSubstr("data-file=\"&quot;file&quot;\""));
}

TEST(HtmlTable, rows_about_a_cell_link_to_it) {
  HtmlTable table = html_table("", "", sample_table());
  table.rows[0].cell = 7;
  const std::string html = table_element(table);
  EXPECT_THAT(html, HasSubstr("1.0</td><td class=\"record\"><a href=\"#cell-7\">open</a></td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"number\"></td><td class=\"record\"></td>"));
}

TEST(HtmlTable, is_nothing_without_rows) {
  EXPECT_EQ(table_element(html_table("Peaks", "memory.csv", Table({"flags"}))), "");
}

}  // namespace
}  // namespace reports
