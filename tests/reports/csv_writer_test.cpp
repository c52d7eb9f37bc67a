#include "reports/csv_writer.h"

#include <gtest/gtest.h>

namespace reports {
namespace {

TEST(CsvWriter, quotes_what_rfc_4180_wants_quoted) {
  Table table({"plain", "with,comma"});
  table.add_row({"a \"quote\"", "line\nbreak"});
  table.add_row({"return\r", ""});
  table.add_row({" blanks stay ", "µ-batch"});
  EXPECT_EQ(csv_text(table),
            "plain,\"with,comma\"\r\n"
            "\"a \"\"quote\"\"\",\"line\nbreak\"\r\n"
            "\"return\r\",\r\n"
            " blanks stay ,µ-batch\r\n");
}

TEST(CsvWriter, values_keep_what_they_need_and_nothing_is_empty) {
  EXPECT_EQ(csv_count(34359738368), "34359738368");
  EXPECT_EQ(csv_count(std::nullopt), "");
  EXPECT_EQ(csv_number(50.76), "50.76");
  EXPECT_EQ(csv_number(1.0 / 3), "0.333333");
  EXPECT_EQ(csv_number(std::nullopt), "");
  EXPECT_EQ(csv_status(harness::Status::kOutOfMemory), "out_of_memory");
  EXPECT_EQ(csv_status(std::nullopt), "");
}

}  // namespace
}  // namespace reports
