#include "serve/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/protocol/protocol_error.h"
#include "tests/stubs/stub_worker.h"

namespace serve {
namespace {

using nlohmann::json;

template <typename Parse>
std::string refusal(Parse parse, const std::string& text) {
  try {
    parse(text);
  } catch (const harness::ProtocolError& error) {
    return error.what();
  }
  return "";
}

TEST(Request, reads_what_the_protocol_says) {
  const auto cell = stubs::make_cell();
  const auto measure =
      parse_measure_request(json{{"cell", cell}, {"round", 2}, {"repro", "again"}}.dump());
  EXPECT_EQ(measure.cell, cell);
  EXPECT_EQ(measure.round, 2);
  EXPECT_EQ(measure.repro, "again");
  EXPECT_EQ(parse_check_request(json{{"cell", cell}}.dump()), cell);
  EXPECT_EQ(parse_trace_request(json{{"cell", cell}, {"file", "/t.json"}}.dump()).file, "/t.json");
  const auto reference =
      parse_reference_request(json{{"cell", cell}, {"file", "/r.safetensors"}}.dump());
  EXPECT_EQ(reference.cell, cell);
  EXPECT_EQ(reference.file, "/r.safetensors");
  EXPECT_EQ(parse_plan_request(json::array({cell, cell}).dump()).size(), 2U);
}

TEST(Request, refuses_everything_else_and_says_why) {
  using ::testing::HasSubstr;
  EXPECT_THAT(refusal(parse_measure_request, ""), HasSubstr("not JSON"));
  EXPECT_THAT(refusal(parse_measure_request, "[]"), HasSubstr("the keys cell, round, repro"));
  EXPECT_THAT(refusal(parse_measure_request, R"({"cell": {}, "round": 0, "rerpo": ""})"),
              HasSubstr("lacks the key repro"));
  EXPECT_THAT(refusal(parse_measure_request, R"({"cell": {}, "round": 0.5, "repro": ""})"),
              HasSubstr("round must be an integer"));
  EXPECT_THAT(refusal(parse_measure_request, R"({"cell": {}, "round": 0, "repro": 1})"),
              HasSubstr("repro must be a string"));
  EXPECT_THAT(refusal(parse_measure_request, R"({"cell": {}, "round": 0, "repro": ""})"),
              HasSubstr("/implementation: missing key"));
  EXPECT_THAT(refusal(parse_check_request, R"({"cell": {}, "round": 1})"), HasSubstr("keys cell"));
  EXPECT_THAT(refusal(parse_trace_request, R"({"cell": {}, "file": 7})"), HasSubstr("file must"));
  EXPECT_THAT(refusal(parse_reference_request, R"({"cell": {}})"), HasSubstr("keys cell, file"));
  EXPECT_THAT(refusal(parse_plan_request, "{}"), HasSubstr("array"));
}

}  // namespace
}  // namespace serve
