#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using TraceSpecTest = SpecFiles;

TEST_F(TraceSpecTest, traces_only_where_asked) {
  EXPECT_FALSE(read(smallest_document()).trace);
  auto document = smallest_document();
  document["trace"] = true;
  EXPECT_TRUE(read(document).trace);
  document["trace"] = false;
  EXPECT_FALSE(read(document).trace);
}

TEST_F(TraceSpecTest, anything_but_true_and_false_is_an_error_with_its_path) {
  EXPECT_EQ(error_with("/trace", R"("yes")"),
            " /trace: expected true or false, got \"yes\"; write true or false");
  EXPECT_EQ(error_with("/trace", "1"),
            " /trace: expected true or false, got 1; write true or false");
  EXPECT_THAT(error_with("/trace", "null"), testing::HasSubstr("/trace: expected true or false"));
}

}  // namespace
}  // namespace harness
