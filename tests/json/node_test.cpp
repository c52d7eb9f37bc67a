#include "json/node.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/error.h"

namespace json {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(std::string_view text) {
  try {
    Node::parse(text, "x.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

template <class Function>
std::string message_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Node, values_are_reached_by_their_path) {
  const Node root = Node::parse(R"({"data": [{"id": "a"}, {"id": "\u00e9"}]})", "x.json");
  EXPECT_EQ(root.member("data").elements().at(1).member("id").text(), "\u00E9");
}

TEST(Node, an_error_names_file_and_path) {
  const Node root = Node::parse(R"({"data": [{"id": 7}]})", "x.json");
  const Node element = root.member("data").elements().front();
  EXPECT_EQ(message_of([&] { element.member("id").text(); }),
            "x.json: /data/0/id: expected a string, found number");
  EXPECT_EQ(message_of([&] { element.member("qas"); }),
            "x.json: /data/0: the key \"qas\" is missing");
  EXPECT_EQ(message_of([&] { element.elements(); }),
            "x.json: /data/0: expected an array, found object");
  EXPECT_EQ(message_of([&] { root.member("data").members(); }),
            "x.json: /data: expected an object, found array");
  EXPECT_EQ(message_of([&] { root.text(); }), "x.json: expected a string, found object");
}

TEST(Node, numbers_are_read_within_their_range) {
  const Node root = Node::parse(
      R"({"a": 7, "b": -7, "c": 0.5, "d": 18446744073709551615, "e": true, "f": 7.0})", "x.json");
  EXPECT_EQ(root.member("a").integer(7, 7), 7);
  EXPECT_EQ(root.member("b").integer(-7, -7), -7);
  EXPECT_EQ(root.member("c").number(), 0.5);
  EXPECT_EQ(root.member("a").number(), 7);
  EXPECT_TRUE(root.member("e").boolean());
  EXPECT_EQ(message_of([&] { root.member("a").integer(8, 9); }),
            "x.json: /a: expected a whole number from 8 to 9, found 7");
  EXPECT_EQ(message_of([&] { root.member("b").integer(-6, 9); }),
            "x.json: /b: expected a whole number from -6 to 9, found -7");
  EXPECT_EQ(message_of([&] { root.member("a").integer(-9, -6); }),
            "x.json: /a: expected a whole number from -9 to -6, found 7");
  EXPECT_EQ(message_of([&] { root.member("d").integer(0, 9); }),
            "x.json: /d: expected a whole number from 0 to 9, found 18446744073709551615");
  EXPECT_EQ(message_of([&] { root.member("f").integer(0, 9); }),
            "x.json: /f: expected a whole number from 0 to 9, found 7.0");
  EXPECT_EQ(message_of([&] { root.member("e").number(); }),
            "x.json: /e: expected a number, found true");
  EXPECT_EQ(message_of([&] { root.member("a").boolean(); }),
            "x.json: /a: expected true or false, found 7");
}

TEST(Node, a_key_may_be_missing) {
  const Node root = Node::parse(R"({"a": 7})", "x.json");
  ASSERT_TRUE(root.find("a").has_value());
  EXPECT_EQ(root.find("a")->integer(0, 9), 7);
  EXPECT_FALSE(root.find("b").has_value());
  EXPECT_EQ(message_of([&] { root.member("a").find("b"); }),
            "x.json: /a: expected an object, found number");
}

TEST(Node, paths_are_printable) {
  const Node root = Node::parse(R"({"a/b~": 1, "new\nline": 1, "\"\u00e9 ": 1})", "x.json");
  EXPECT_EQ(root.member("a/b~").path(), "/a~1b~0");
  EXPECT_EQ(root.member("new\nline").path(), R"(/new\nline)");
  EXPECT_EQ(root.member("\"\u00E9 ").path(), R"(/\"\u00e9 )");
  const std::string long_key(1000, 'k');
  EXPECT_EQ(Node::parse("{\"" + long_key + "\": 1}", "x.json").member(long_key).path(),
            "/" + long_key.substr(0, 80) + "...");
}

TEST(Node, text_that_is_not_json_is_placed) {
  EXPECT_THAT(error_of("{\n  \"a\": 1,\n  oops}"), StartsWith("x.json:3:3: not JSON: "));
  EXPECT_THAT(error_of(""), StartsWith("x.json:1:1: not JSON: "));
  EXPECT_THAT(error_of("{\"a\": 1} tail"), StartsWith("x.json:1:"));
  EXPECT_THAT(error_of("{\"a\": NaN}"), HasSubstr("not JSON"));
}

TEST(Node, a_number_that_no_double_holds_is_placed) {
  EXPECT_EQ(error_of("{\n  \"a\": [\"1e999\",\n   -1e999]}"),
            "x.json:3:4: the number \"-1e999\" is out of a double's range; give a smaller one");
  EXPECT_EQ(error_of("1e999"),
            "x.json:1:1: the number \"1e999\" is out of a double's range; give a smaller one");
  const std::string long_number = error_of(std::string(1000000, '9'));
  EXPECT_THAT(long_number, StartsWith("x.json:1:1: the number \"9999"));
  EXPECT_LT(long_number.size(), 200U);
  EXPECT_EQ(error_of("[1e308, 1e-999, 18446744073709551616]"), "no error");
}

TEST(Node, every_kind_of_value_is_kept) {
  const char* text =
      R"({"a":[null,true,false,-1,18446744073709551615,0.5,"x",{},[],[[1],{"b":2}]],"c":3})";
  EXPECT_EQ(Node::parse(text, "x.json").value(), nlohmann::json::parse(text));
  EXPECT_EQ(Node::parse("7", "x.json").value(), 7);
}

TEST(Node, a_key_given_twice_in_one_object_is_an_error) {
  EXPECT_EQ(error_of(R"([{"a": 1}, {"a": 1, "b": {"a": 2}, "a": 3}])"),
            "x.json: the key \"a\" is given twice in one object; keep one of them");
  EXPECT_EQ(error_of(R"([{"a": 1}, {"a": {"a": {"a": 2}}}])"), "no error");
}

TEST(Node, bytes_that_are_not_utf8_and_lone_surrogates_are_errors) {
  const std::string ill_formed = error_of("{\"a\": \"\xFF\"}");
  EXPECT_THAT(ill_formed, HasSubstr("x.json:1:"));
  EXPECT_THAT(ill_formed, HasSubstr("UTF-8"));
  EXPECT_THAT(ill_formed, testing::Not(HasSubstr("\xFF")));
  EXPECT_THAT(error_of(R"({"a": "\ud800"})"), HasSubstr("surrogate"));
  EXPECT_THAT(error_of(R"({"a": "\udc00"})"), HasSubstr("surrogate"));
  EXPECT_THAT(error_of("{\"a\": \"\xED\xA0\x80\"}"), HasSubstr("UTF-8"));
}

TEST(Node, deep_nesting_is_an_error) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_EQ(error_of(nested(64)), "no error");
  EXPECT_THAT(error_of(nested(65)), HasSubstr("more than 64 levels"));
  EXPECT_THAT(error_of(std::string(1000000, '[')), HasSubstr("more than 64 levels"));
}

TEST(Node, every_error_is_one_line) {
  for (const char* text : {"{\"a\n\": 1}", "\n\n\n", "{\"a\\n\": 1, \"a\\n\": 2}", "[1,\n\x01]"}) {
    EXPECT_THAT(error_of(text), testing::Not(HasSubstr("\n"))) << text;
  }
}

TEST(Node, quoted_text_is_printable_and_short) {
  EXPECT_EQ(in_quotes("a\nb\u00E9"), R"("a\nb\u00e9")");
  EXPECT_EQ(in_quotes(std::string(100, 'x')), fmt::format("\"{:x<80}\"...", ""));
  EXPECT_EQ(in_quotes("a\xFF"), "\"a\"");
}

}  // namespace
}  // namespace json
