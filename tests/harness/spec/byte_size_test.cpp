#include "harness/spec/byte_size.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "harness/spec/duration.h"
#include "harness/spec/limits.h"

namespace harness {
namespace {

TEST(ByteSize, reads_binary_units) {
  EXPECT_EQ(parse_byte_size("16 GiB"), int64_t{16} << 30);
  EXPECT_EQ(parse_byte_size("512MiB"), int64_t{512} << 20);
  EXPECT_EQ(parse_byte_size("1.5 KiB"), 1536);
  EXPECT_EQ(parse_byte_size("7 B"), 7);
  EXPECT_EQ(parse_byte_size("1.1 KiB"), 1126);
  EXPECT_EQ(parse_byte_size("2 TiB"), int64_t{2} << 40);
}

TEST(ByteSize, refuses_everything_else) {
  for (const char* text :
       {"", "16", "16 GB", "16 gib", "-1 GiB", "+1 GiB", " 1 GiB", "1 GiB ", "inf GiB", "nan B",
        "0x10 B", "1e3 B", "1025 TiB", "99999999999999999999999999 TiB"}) {
    EXPECT_THROW(parse_byte_size(text), std::invalid_argument) << text;
  }
  EXPECT_EQ(parse_byte_size("1024 TiB"), kMaxBytes);
}

TEST(Duration, reads_units_of_time) {
  EXPECT_DOUBLE_EQ(parse_duration("300 s"), 300);
  EXPECT_DOUBLE_EQ(parse_duration("5 min"), 300);
  EXPECT_DOUBLE_EQ(parse_duration("1.5 h"), 5400);
  EXPECT_DOUBLE_EQ(parse_duration("200ms"), 0.2);
}

TEST(Duration, refuses_everything_else) {
  for (const char* text : {"", "300", "5 minutes", "0 s", "-1 s", "1000 h", "nan s"}) {
    EXPECT_THROW(parse_duration(text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace harness
