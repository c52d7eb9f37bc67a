#include "reports/headline_projections.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace reports {
namespace {

using harness::Cell;
using harness::make_cell;
using harness::Record;

/// Six passed rounds of `cell`, each of so many seconds for 8 sequences.
void add(std::vector<Record>& records, const Cell& cell, const std::vector<double>& seconds) {
  for (std::size_t round = 0; round < seconds.size(); ++round) {
    records.push_back(harness::make_passed(cell, static_cast<int64_t>(round), seconds[round]));
  }
}

/// "implementation micro-batch flags rate" of every projection.
std::vector<std::string> projections_of(const std::vector<Record>& records) {
  harness::RunInfo info;
  info.baseline = "pytorch_eager";
  const auto analysis = harness::analyze_run(info, records, harness::flag_catalog());
  std::vector<std::string> texts;
  for (const harness::Projection& row : headline_projections(info, analysis)) {
    texts.push_back(fmt::format("{} {} {} {:g}", row.implementation, row.micro_batch, row.flags,
                                row.samples_per_second));
  }
  return texts;
}

TEST(HeadlineProjections, take_the_micro_batch_with_the_best_rate) {
  std::vector<Record> records;
  add(records, make_cell("pytorch_eager", 4), {8});
  add(records, make_cell("fused", 4), {4});
  add(records, make_cell("fused", 8, {"gelu_checkpoint"}), {2});
  records.push_back(
      harness::make_failed(make_cell("fused", 16), 0, harness::Status::kOutOfMemory, "full"));
  EXPECT_THAT(projections_of(records),
              testing::ElementsAre("pytorch_eager 4 none 1", "fused 8 gelu_checkpoint 4"));
}

TEST(HeadlineProjections, take_the_cheapest_flag_set_unless_another_is_proven_faster) {
  std::vector<Record> records;
  add(records, make_cell("pytorch_eager", 8), {8, 8, 8, 8, 8, 8});
  add(records, make_cell("fused", 8), {4, 4, 4, 4, 4, 4});
  // The better median, and in one round of six the slower one: no proof.
  add(records, make_cell("fused", 8, {"gelu_checkpoint"}), {3.9, 3.9, 3.9, 3.9, 3.9, 4.1});
  EXPECT_THAT(projections_of(records),
              testing::ElementsAre("pytorch_eager 8 none 1", "fused 8 none 2"));
  add(records, make_cell("fused", 8, {"flash_attention"}), {3.2, 3.2, 3.2, 3.2, 3.2, 3.2});
  EXPECT_THAT(projections_of(records),
              testing::ElementsAre("pytorch_eager 8 none 1", "fused 8 flash_attention 2.5"));
}

TEST(HeadlineProjections, take_the_baseline_s_flags_only_where_it_fits_with_them_alone) {
  std::vector<Record> records;
  add(records, make_cell("pytorch_eager", 8), {8, 8, 8, 8, 8, 8});
  add(records, make_cell("pytorch_eager", 8, {"activation_checkpoint"}), {9, 9, 9, 9, 9, 9});
  EXPECT_THAT(projections_of(records), testing::ElementsAre("pytorch_eager 8 none 1"));
  records.push_back(harness::make_failed(make_cell("pytorch_eager", 16), 0,
                                         harness::Status::kOutOfMemory, "full"));
  add(records, make_cell("pytorch_eager", 16, {"activation_checkpoint"}), {4, 4, 4, 4, 4, 4});
  EXPECT_THAT(projections_of(records),
              testing::ElementsAre("pytorch_eager 16 activation_checkpoint 2"));
}

TEST(HeadlineProjections, keep_what_computes_something_else_apart) {
  std::vector<Record> records;
  add(records, make_cell("fused", 8), {4});
  add(records, make_cell("fused", 8, {"remove_padding"}), {2});
  EXPECT_THAT(projections_of(records),
              testing::ElementsAre("fused 8 none 2", "fused 8 remove_padding 4"));
}

}  // namespace
}  // namespace reports
