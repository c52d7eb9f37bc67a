#include "harness/plan/cell_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/expand.h"
#include "harness/plan/select.h"
#include "tests/harness/plan/made_up_plans.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Filter : public SpecFiles {
 protected:
  /// pytorch_eager and fused, the latter with a flag too, at three micro-batches of two rounds.
  nlohmann::ordered_json document() const {
    auto document = smallest_document();
    document["axes"]["micro_batch"] = {4, 8, 16};
    document["axes"]["flags"] =
        nlohmann::ordered_json::parse(R"([[], ["normalize_invertible", "gelu_checkpoint"]])");
    document["baseline"] = "pytorch_eager";
    document["measure"]["rounds"] = 2;
    return document;
  }
  FilteredSchedule filtered(const nlohmann::ordered_json& sweep, const std::string& text) const {
    const SweepSpec spec = read(sweep);
    const auto cells = expand(spec, sample_catalog());
    const auto whole = select(spec, sample_catalog(), cells, made_up_reply(cells), std::nullopt);
    return filter_schedule({text, spec, sample_catalog()}, spec, whole);
  }
  std::vector<std::string> kept(const std::string& text) const {
    std::vector<std::string> labels;
    for (const auto& scheduled : filtered(document(), text).schedule.cells) {
      labels.push_back(scheduled.cell.implementation + " " +
                       std::to_string(scheduled.cell.micro_batch) + " " +
                       scheduled.cell.flags_text());
    }
    return labels;
  }
  std::string error(const std::string& text) const {
    const SweepSpec spec = read(document());
    try {
      const CellFilter filter(text, spec, sample_catalog());
    } catch (const SpecError& failure) {
      return failure.what();
    }
    return "";
  }
};

constexpr const char* kTwoFlags = "fused 8 normalize_invertible+gelu_checkpoint";

TEST_F(Filter, keeps_the_cells_of_which_every_condition_holds) {
  EXPECT_THAT(kept("micro_batch>=8,flags~gelu"),
              ElementsAre(kTwoFlags, "fused 16 normalize_invertible+gelu_checkpoint"));
  EXPECT_THAT(kept("implementation=fused,micro_batch=8"), ElementsAre("fused 8 none", kTwoFlags));
  EXPECT_THAT(kept("micro_batch>4, micro_batch<16, flags=none"),
              ElementsAre("pytorch_eager 8 none", "fused 8 none"));
}

TEST_F(Filter, names_flags_in_any_order) {
  EXPECT_THAT(kept("flags=gelu_checkpoint+normalize_invertible,micro_batch=8"),
              ElementsAre(kTwoFlags));
}

// Made-up peaks: 1 GiB and, a sequence, 1 GiB without flags and 0.5 GiB with two.
TEST_F(Filter, knows_the_planned_peak) {
  EXPECT_THAT(kept("planned_peak_bytes<=3GiB"),
              ElementsAre("fused 4 normalize_invertible+gelu_checkpoint"));
}

TEST_F(Filter, keeps_everything_where_there_is_none) {
  const SweepSpec spec = read(document());
  const auto cells = expand(spec, sample_catalog());
  const auto whole = select(spec, sample_catalog(), cells, made_up_reply(cells), std::nullopt);
  const auto same = filter_schedule({}, spec, whole);
  EXPECT_EQ(same.schedule.cells.size(), 9U);
  EXPECT_EQ(same.left_out, 0U);
  EXPECT_EQ(same.unpaired, 0U);
}

TEST_F(Filter, launches_every_round_of_what_it_keeps_in_alternating_order) {
  const auto got = filtered(document(), "micro_batch=8,flags=none").schedule;
  ASSERT_EQ(got.cells.size(), 2U);
  std::vector<std::pair<std::size_t, int64_t>> launches;
  for (const Launch& launch : got.launches) launches.emplace_back(launch.cell, launch.round);
  EXPECT_THAT(launches,
              ElementsAre(std::pair(0, 0), std::pair(1, 0), std::pair(1, 1), std::pair(0, 1)));
}

TEST_F(Filter, a_kept_cell_is_treated_as_in_the_whole_sweep) {
  auto sweep = document();
  sweep["device"]["memory_limit"] = "6 GiB";
  // Without flags the peaks are 5, 9 and 17 GiB: 8 is tried because it is next to the boundary,
  // which no filter changes.
  const auto got = filtered(sweep, "flags=none,implementation=fused,micro_batch>=8").schedule;
  ASSERT_EQ(got.cells.size(), 2U);
  EXPECT_FALSE(got.cells[0].not_launched);
  EXPECT_EQ(got.cells[1].not_launched, Status::kOutOfMemory);
}

TEST_F(Filter, counts_what_it_leaves_out_and_which_pairs_that_breaks) {
  // The baseline of all six is gone.
  const auto no_baseline = filtered(document(), "implementation=fused");
  EXPECT_EQ(no_baseline.left_out, 3U);
  EXPECT_EQ(no_baseline.unpaired, 6U);
  // Cells with flags have lost the baseline, and the same without flags.
  EXPECT_EQ(filtered(document(), "flags~gelu").unpaired, 3U);
  EXPECT_EQ(filtered(document(), "micro_batch=8").unpaired, 0U);
  EXPECT_EQ(filtered(document(), "implementation=pytorch_eager").unpaired, 0U);
}

TEST_F(Filter, best_is_chosen_from_every_pytorch_implementation) {
  auto sweep = document();
  sweep["axes"]["implementation"] = {"pytorch_eager", "pytorch_tuned", "fused"};
  sweep["baseline"] = "best";
  const auto got = filtered(sweep, "implementation!=pytorch_tuned,flags=none");
  EXPECT_EQ(got.left_out, 6U);  // pytorch_tuned, and fused with flags
  EXPECT_EQ(got.unpaired, 6U);
}

TEST_F(Filter, an_unknown_axis_is_an_error_that_names_the_nearest) {
  EXPECT_THAT(
      error("micro_bach>=8"),
      HasSubstr("--filter: the sweep has no axis 'micro_bach'; did you mean 'micro_batch'?"));
  EXPECT_THAT(error("layers=2"), HasSubstr("the sweep has no axis 'layers'; known are "));
}

TEST_F(Filter, a_condition_that_holds_for_no_cell_is_an_error_that_names_the_values) {
  EXPECT_THAT(
      error("micro_batch>64"),
      HasSubstr("--filter: 'micro_batch>64' holds for no cell; the values of micro_batch are "
                "4, 8, 16"));
  EXPECT_THAT(error("flags~attn"),
              HasSubstr("the values of flags are none, normalize_invertible+gelu_checkpoint"));
}

TEST_F(Filter, an_unknown_flag_and_what_is_no_condition_are_errors) {
  EXPECT_THAT(error("flags=gelu_chekpoint"),
              HasSubstr("--filter: no flag is named 'gelu_chekpoint'; did you mean "
                        "'gelu_checkpoint'?"));
  EXPECT_THAT(error("micro_batch>=8,"), HasSubstr("--filter: '' is no condition; write AXIS"));
  EXPECT_THAT(error(""), HasSubstr("--filter: '' is no condition"));
  EXPECT_THAT(error("planned_peak_bytes=small"), HasSubstr("is a number of bytes"));
}

TEST_F(Filter, conditions_that_never_hold_together_keep_nothing) {
  EXPECT_THAT(kept("implementation=pytorch_eager,flags~gelu"), IsEmpty());
}

}  // namespace
}  // namespace harness
