#include "harness/protocol/run_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/harness/protocol/samples.h"

namespace harness {
namespace {

using nlohmann::json;
using testing::StartsWith;

RunInfo sample_info() {
  RunInfo info;
  info.name = "v100";
  info.axes = {"micro_batch", "layers"};
  info.baseline = "pytorch_eager";
  info.flag_table_limits = {int64_t{1} << 34, int64_t{1} << 35};
  info.device = {"cpu", true, ""};
  info.published = PublishedTables{
      "a page", {{1, 4, 37.78, 50.82, 1.3}, {1, 24, {}, 60.7, {}}}, {{1, 12, "none"}}};
  info.plans = {{sample_cell(), {sample_footprint(), ""}}};
  info.fits = {{sample_cell(), 1024, 1, 6, 700}};
  return info;
}

TEST(RunInfo, survives_json_text) {
  json document;
  to_json(document, sample_info());
  RunInfo info;
  from_json(json::parse(document.dump()), info);
  EXPECT_EQ(info, sample_info());
}

TEST(RunInfo, survives_json_text_without_published_tables) {
  RunInfo info = sample_info();
  info.published.reset();
  json document;
  to_json(document, info);
  RunInfo back = sample_info();
  from_json(json::parse(document.dump()), back);
  EXPECT_EQ(back, info);
}

TEST(RunInfo, names_the_path_of_a_bad_value) {
  json document;
  to_json(document, sample_info());
  document["fits"][0]["cell"]["device"]["kind"] = 1;
  EXPECT_THAT(read_error<RunInfo>(document), StartsWith("/fits/0/cell/device/kind: expected"));
}

TEST(RunInfo, refuses_another_schema_version) {
  json document;
  to_json(document, sample_info());
  document["schema_version"] = 2;
  EXPECT_THAT(read_error<RunInfo>(document), StartsWith("/schema_version: 2 is not supported"));
}

}  // namespace
}  // namespace harness
