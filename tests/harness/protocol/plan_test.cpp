#include "harness/protocol/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using nlohmann::json;
using testing::StartsWith;

json reply_json() {
  PlanReply reply;
  reply.device = {"cuda", false, "no driver is loaded"};
  reply.plans = {Plan{sample_footprint(), ""}, Plan{std::nullopt, "fp16 needs a GPU"}};
  json document;
  to_json(document, reply);
  return document;
}

TEST(PlanReply, survives_json_text) {
  PlanReply reply;
  from_json(json::parse(reply_json().dump()), reply);
  EXPECT_EQ(reply.device, (DeviceStatus{"cuda", false, "no driver is loaded"}));
  ASSERT_EQ(reply.plans.size(), 2U);
  EXPECT_EQ(reply.plans[0], (Plan{sample_footprint(), ""}));
  EXPECT_EQ(reply.plans[1], (Plan{std::nullopt, "fp16 needs a GPU"}));
}

TEST(PlanReply, says_in_one_line_why_data_cannot_be_used) {
  json document = reply_json();
  document["data_error"] = "q.json: no questions";
  PlanReply reply;
  from_json(document, reply);
  EXPECT_EQ(reply.data_error, "q.json: no questions");
  document["data_error"] = "two\nlines";
  EXPECT_THAT(read_error<PlanReply>(document), StartsWith("/data_error: must be one line"));
}

TEST(PlanReply, may_leave_the_memory_of_a_cell_open) {
  json document = reply_json();
  document["plans"][1]["unsupported_reason"] = "";
  PlanReply reply;
  from_json(document, reply);
  EXPECT_EQ(reply.plans[1], Plan());
}

TEST(PlanReply, refuses_bytes_of_a_cell_that_cannot_run) {
  json document = reply_json();
  document["plans"][0]["unsupported_reason"] = "why";
  EXPECT_THAT(read_error<PlanReply>(document), StartsWith("/plans/0/unsupported_reason: must be"));
}

TEST(PlanReply, refuses_a_missing_device_without_a_reason) {
  json document = reply_json();
  document["device"]["reason"] = "";
  EXPECT_THAT(read_error<PlanReply>(document), StartsWith("/device/reason: must say why"));
}

TEST(BytesByCategory, totals_every_category) {
  EXPECT_EQ((BytesByCategory{1, 2, 4, 8, 16, 32}.total()), 63);
}

}  // namespace
}  // namespace harness
