#include "harness/protocol/run_origin.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using ::testing::HasSubstr;

/// Three records of one machine, then one of another.
RunOrigin sample_origin() {
  return {.sweep = {{"name", "quick"}, {"sweep file", "0123"}},
          .starts = {{"2026-01-02T03:04:05Z", 0, {{"machine", "a"}}, {{"worker", "12"}}},
                     {"2026-01-03T03:04:05Z", 3, {{"machine", "b"}}, {{"worker", "12"}}}}};
}

TEST(RunOrigin, comes_back_from_json) {
  EXPECT_EQ(nlohmann::json(sample_origin()).get<RunOrigin>(), sample_origin());
  EXPECT_EQ(nlohmann::json(RunOrigin{}).get<RunOrigin>(), RunOrigin{});
}

TEST(RunOrigin, knows_which_start_measured_a_record) {
  const auto origin = sample_origin();
  EXPECT_EQ(start_of(origin, 0).machine.at("machine"), "a");
  EXPECT_EQ(start_of(origin, 2).machine.at("machine"), "a");
  EXPECT_EQ(start_of(origin, 3).machine.at("machine"), "b");
  EXPECT_EQ(start_of(origin, 1000).machine.at("machine"), "b");
  EXPECT_THROW(start_of(RunOrigin{}, 0), std::out_of_range);
}

TEST(RunOrigin, is_refused_where_it_is_of_another_version_before_anything_else) {
  nlohmann::json json = sample_origin();
  json["schema_version"] = 2;
  json["new_key"] = true;
  EXPECT_THAT(read_error<RunOrigin>(json),
              HasSubstr("/schema_version: 2 is not supported, expected 1; use the bench_sweep that "
                        "wrote the run"));
}

TEST(RunOrigin, is_refused_where_it_is_damaged) {
  nlohmann::json json = sample_origin();
  json["starts"][1]["first_record"] = 0;
  EXPECT_THAT(read_error<RunOrigin>(json), HasSubstr("/starts/1/first_record"));
  json = sample_origin();
  json["starts"][0]["first_record"] = 1;
  EXPECT_THAT(read_error<RunOrigin>(json), HasSubstr("/starts/0/first_record"));
  json = sample_origin();
  json["starts"][0]["machine"]["memory"] = 5;
  EXPECT_THAT(read_error<RunOrigin>(json), HasSubstr("/starts/0/machine/memory"));
  json = sample_origin();
  json["surprise"] = 1;
  EXPECT_THAT(read_error<RunOrigin>(json), HasSubstr("/surprise"));
  json = sample_origin();
  json.erase("sweep");
  EXPECT_THAT(read_error<RunOrigin>(json), HasSubstr("sweep"));
}

}  // namespace
}  // namespace harness
