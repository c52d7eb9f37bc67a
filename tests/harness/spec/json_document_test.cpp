#include "harness/spec/json_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/limits.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class JsonDocumentTest : public SpecFiles {};

std::string parse_error(const std::string& text) {
  try {
    parse_json_text("f.json", text);
  } catch (const SpecError& error) {
    return error.what();
  }
  return "";
}

TEST_F(JsonDocumentTest, keeps_the_order_of_keys) {
  EXPECT_EQ(parse_json_text("f.json", R"({"b": 1, "a": 2})").dump(), R"({"b":1,"a":2})");
}

TEST_F(JsonDocumentTest, names_the_path_of_a_duplicate_key) {
  EXPECT_EQ(parse_error(R"({"a": 1, "a": 2})"),
            "f.json: /a: the key is given twice; keep one of them");
  EXPECT_THAT(parse_error(R"({"x": [1, {"y": 1}, {"k/": {"q": [], "q": 1}}]})"),
              StartsWith("f.json: /x/2/k~1/q: the key is given twice"));
  EXPECT_EQ(parse_error(R"([{"a": 1}, {"a": 2}])"), "");
}

TEST_F(JsonDocumentTest, names_line_and_column_of_a_syntax_error) {
  EXPECT_THAT(parse_error("{\n  \"a\": 1,\n  }"), StartsWith("f.json:3:3: not JSON: "));
  EXPECT_THAT(parse_error("{\"a\" 1}"), StartsWith("f.json:1:6: not JSON: "));
  EXPECT_THAT(parse_error(""), StartsWith("f.json:1:1: not JSON: "));
  EXPECT_THAT(parse_error("{} {}"), HasSubstr("not JSON"));
  EXPECT_THAT(parse_error("{\"a\": 1e999}"), HasSubstr("not JSON: number overflow"));
  EXPECT_THAT(parse_error("{\"a\": NaN}"), HasSubstr("not JSON"));
  EXPECT_THAT(parse_error("{\"a\": \"\xff\"}"), HasSubstr("not JSON"));
  EXPECT_EQ(parse_error("{\"a\n\": 1}").find('\n'), std::string::npos);
}

TEST_F(JsonDocumentTest, refuses_files_that_are_missing_irregular_or_huge) {
  const auto error_of_file = [&](const std::filesystem::path& file) -> std::string {
    try {
      read_json_file(file);
    } catch (const SpecError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(error_of_file(folder_),
            folder_.string() + ": not a regular file; give the path of a JSON file");
  EXPECT_THAT(error_of_file("/dev/null"), StartsWith("/dev/null: not a regular file; "));
  EXPECT_THAT(error_of_file(folder_ / "nowhere.json"), HasSubstr("nowhere.json: no such file; "));
  write("huge.json", std::string(kMaxDocumentBytes + 1, ' '));
  EXPECT_THAT(error_of_file(folder_ / "huge.json"), HasSubstr("bytes are more than the"));
}

TEST_F(JsonDocumentTest, refuses_more_than_64_levels_and_says_where) {
  EXPECT_EQ(parse_error(std::string(64, '[') + std::string(64, ']')), "");
  for (const std::size_t levels : {65, 100000}) {
    for (const auto& text :
         {std::string(levels, '[') + std::string(levels, ']'), std::string(levels, '[')}) {
      EXPECT_THAT(parse_error(text), StartsWith("f.json: /0/0/0"));
      EXPECT_THAT(parse_error(text), HasSubstr("/0: nested too deep: more than 64 levels; "));
    }
  }
}

}  // namespace
}  // namespace harness
