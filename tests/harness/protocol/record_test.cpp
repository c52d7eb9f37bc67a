#include "harness/protocol/record.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using nlohmann::json;
using testing::StartsWith;

json record_json(const Record& record = sample_record()) {
  json document;
  to_json(document, record);
  return document;
}

std::string error_with(const std::string& key, const json& value) {
  json document = record_json();
  document[key] = value;
  return read_error<Record>(document);
}

TEST(Record, survives_json_text) {
  Record record;
  from_json(json::parse(record_json().dump()), record);
  EXPECT_EQ(record, sample_record());
}

TEST(Record, survives_json_text_with_nothing_optional) {
  Record record;
  record.cell = sample_cell();
  record.status = Status::kTimedOut;
  record.reason = "no answer within 300 s";
  record.phase = Phase::kBackward;
  Record back = sample_record();
  from_json(json::parse(record_json(record).dump()), back);
  EXPECT_EQ(back, record);
  EXPECT_EQ(record_json(record)["checks"], json::array());
}

TEST(Record, every_status_and_phase_has_its_own_text) {
  for (const char* text : {"passed", "incorrect", "mistrusted", "unsupported", "skipped",
                           "out_of_memory", "timed_out", "crashed"}) {
    EXPECT_EQ(to_string(parse_status(text)), text);
  }
  for (const char* text : {"setup", "forward", "backward", "optimizer"}) {
    EXPECT_EQ(to_string(parse_phase(text)), text);
  }
  EXPECT_THROW(parse_status("Passed"), ProtocolError);
  EXPECT_THROW(parse_phase(""), ProtocolError);
}

TEST(Record, refuses_values_that_no_worker_may_write) {
  EXPECT_THAT(error_with("schema_version", 2), StartsWith("/schema_version: 2 is not supported"));
  EXPECT_THAT(error_with("samples", {0.1, -0.1}), StartsWith("/samples/1: must not be negative"));
  EXPECT_THAT(error_with("samples", {0.1, nullptr}), StartsWith("/samples/1: expected a finite"));
  EXPECT_THAT(error_with("tokens", {1}), StartsWith("/tokens: 1 counts for 2 samples"));
  EXPECT_THAT(error_with("tokens", {1, -1}), StartsWith("/tokens/1: must not be negative"));
  EXPECT_THAT(error_with("status", "fine"), StartsWith("/status: unknown status 'fine'"));
  EXPECT_THAT(error_with("phase", "sideways"), StartsWith("/phase: unknown phase 'sideways'"));
  EXPECT_THAT(error_with("reason", "but"), StartsWith("/reason: must be empty exactly where"));
  EXPECT_THAT(error_with("status", "crashed"), StartsWith("/reason: must be empty exactly where"));
  EXPECT_THAT(error_with("round", -1), StartsWith("/round: must not be negative"));
  EXPECT_THAT(error_with("checksum", "00"), StartsWith("/checksum: unknown key"));
}

TEST(Record, refuses_two_checks_and_an_unknown_source) {
  json document = record_json();
  document["checks"].push_back(document["checks"][0]);
  EXPECT_EQ(read_error<Record>(document), "/checks: expected at most one check");
  document = record_json();
  document["memory"]["source"] = "guessed";
  EXPECT_THAT(read_error<Record>(document), StartsWith("/memory/source: expected"));
}

TEST(Record, says_how_far_the_plan_was_off_wherever_that_is_known) {
  Record record = sample_record();
  record.memory.measured->peak_bytes = 735;  // of which 7 are library scratch
  record.memory.measured->reserved_bytes = 1280;
  json document = record_json(record);
  EXPECT_DOUBLE_EQ(document["memory"]["plan_error"]["peak"], 0.04);
  EXPECT_DOUBLE_EQ(document["memory"]["plan_error"]["reserved"], 0.25);
  Record back;
  from_json(json::parse(document.dump()), back);
  EXPECT_EQ(back, record);
  record.memory.planned.reset();
  EXPECT_FALSE(record_json(record)["memory"].contains("plan_error"));
}

TEST(Record, of_an_earlier_version_says_nothing_of_the_plans_error_and_is_read_all_the_same) {
  json document = record_json();
  ASSERT_EQ(document["memory"].erase("plan_error"), 1U);
  Record record;
  from_json(document, record);
  EXPECT_EQ(record, sample_record());
}

TEST(Record, refuses_an_error_of_the_plan_that_does_not_follow_from_its_numbers) {
  json document = record_json();
  document["memory"]["plan_error"]["peak"] = 0.5;
  EXPECT_THAT(read_error<Record>(document), StartsWith("/memory/plan_error: does not follow"));
  document["memory"]["plan_error"] = "small";
  EXPECT_THAT(read_error<Record>(document), StartsWith("/memory/plan_error: expected an object"));
  document = record_json();
  document["memory"]["planned"] = nullptr;
  EXPECT_THAT(read_error<Record>(document), StartsWith("/memory/plan_error: does not follow"));
}

TEST(Record, refuses_to_write_a_sample_that_is_not_finite) {
  Record record = sample_record();
  record.samples = {std::numeric_limits<double>::infinity()};
  json document;
  EXPECT_THROW(to_json(document, record), ProtocolError);
}

}  // namespace
}  // namespace harness
