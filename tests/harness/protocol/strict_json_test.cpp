#include "harness/protocol/strict_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/protocol/protocol_error.h"

namespace harness {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string parse_error(const std::string& text) {
  try {
    parse_strict_json(text);
  } catch (const ProtocolError& error) {
    return error.what();
  }
  return "";
}

TEST(StrictJson, reads_what_is_json) {
  EXPECT_EQ(parse_strict_json(R"({"b": [1, "x"], "a": {"b": null}})").dump(),
            R"({"a":{"b":null},"b":[1,"x"]})");
}

TEST(StrictJson, names_the_path_of_a_key_that_is_given_twice) {
  EXPECT_EQ(parse_error(R"({"measure": {"seed": 1, "seed": 2}})"),
            "/measure/seed: the key is given twice; keep one of them");
  EXPECT_THAT(parse_error(R"([{"a": 1}, {"a": 1, "a": 1}])"), StartsWith("/1/a: "));
  EXPECT_EQ(parse_error(R"([{"a": 1}, {"a": {"a": 1}}])"), "");
}

TEST(StrictJson, names_the_place_of_a_syntax_error_without_the_library_s_words) {
  EXPECT_THAT(parse_error("{\n  \"a\": 1,\n  }"), StartsWith("3:3: not JSON: "));
  for (const char* text : {"", "{", "{\"a\": 1e999}", "[NaN]", "{} {}", "\"\xff\""}) {
    EXPECT_THAT(parse_error(text), HasSubstr("not JSON: ")) << text;
    EXPECT_THAT(parse_error(text), Not(HasSubstr("json.exception"))) << text;
  }
}

TEST(StrictJson, refuses_more_than_64_levels) {
  EXPECT_EQ(parse_error(std::string(64, '[') + std::string(64, ']')), "");
  for (const std::size_t levels : {65, 100000}) {
    EXPECT_THAT(parse_error(std::string(levels, '[') + std::string(levels, ']')),
                HasSubstr("/0: nested too deep: more than 64 levels; "));
  }
}

}  // namespace
}  // namespace harness
