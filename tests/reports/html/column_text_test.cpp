#include "reports/html/column_text.h"

#include <gtest/gtest.h>

namespace reports {
namespace {

TEST(ColumnText, titles_have_the_unit_that_the_name_has) {
  EXPECT_EQ(column_title("candidate_samples_per_second"), "candidate samples/s");
  EXPECT_EQ(column_title("candidate_peak_bytes"), "candidate peak MiB");
  EXPECT_EQ(column_title("memory_limit_bytes"), "memory limit");
  EXPECT_EQ(column_title("time_cost_percent"), "time cost %");
  EXPECT_EQ(column_title("speedup"), "×");
  EXPECT_EQ(column_title("speedup_low"), "× low");
  EXPECT_EQ(column_title("published_speedup"), "published ×");
  EXPECT_EQ(column_title("self_seconds"), "self ms");
  EXPECT_EQ(column_title("step_share"), "step share %");
  EXPECT_EQ(column_title("bytes"), "MiB");
  EXPECT_EQ(column_title("micro_batch_from"), "micro-batch from");
}

TEST(ColumnText, numbers_are_shown_in_the_unit_of_the_title) {
  EXPECT_EQ(field_text("candidate_samples_per_second", "3.2"), "3.200");
  EXPECT_EQ(field_text("peak_bytes", "1576009728"), "1503.0");
  EXPECT_EQ(field_text("memory_limit_bytes", "34359738368"), "32 GiB");
  EXPECT_EQ(field_text("time_cost_percent", "-10.2345"), "-10.2");
  EXPECT_EQ(field_text("speedup_high", "1.5"), "1.50");
  EXPECT_EQ(field_text("self_seconds", "0.25"), "250.00");
  EXPECT_EQ(field_text("step_share", "0.5"), "50.0");
  EXPECT_EQ(field_text("flops", "20000000000"), "20.000");
  EXPECT_EQ(field_text("micro_batch", "12"), "12");
}

TEST(ColumnText, what_is_no_number_stays) {
  EXPECT_EQ(field_text("peak_bytes", ""), "");
  EXPECT_EQ(field_text("speedup_basis", "best_baseline"), "best_baseline");
  EXPECT_EQ(field_text("flags", "out_of_memory"), "OOM");
  for (const char* text : {"", "12 GiB", "nan", "inf", "1e400", "-", "0x10"}) {
    EXPECT_FALSE(is_number(text)) << text;
  }
  for (const char* text : {"0", "-1.5", "1e-05", "34359738368"}) EXPECT_TRUE(is_number(text));
}

}  // namespace
}  // namespace reports
