#include "json/node.h"

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
  EXPECT_EQ(in_quotes(std::string(100, 'x')), '"' + std::string(80, 'x') + "\"...");
  EXPECT_EQ(in_quotes("a\xFF"), "\"a\"");
}

}  // namespace
}  // namespace json
