#include "harness/plan/cheapest.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/expand.h"
#include "tests/harness/plan/made_up_plans.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Cheapest : public SpecFiles {
 protected:
  /// "micro-batch flags" of what `implementation` keeps; `exclude` marks cells as excluded.
  std::vector<std::string> kept(
      const std::string& implementation, const std::string& limit,
      const std::function<bool(const Cell&)>& exclude = [](const Cell&) { return false; }) const {
    auto document = v100_document();
    document["device"]["memory_limit"] = limit;
    document["global_batch"] = 1;
    document["flag_table_limits"] = {"16 GiB"};
    const std::vector<Cell> cells = expand(read(document), sample_catalog());
    std::vector<bool> excluded;
    for (const Cell& cell : cells) {
      excluded.push_back(exclude(cell));
    }
    std::vector<std::string> texts;
    for (const std::size_t i :
         select_cheapest(cells, made_up_reply(cells).plans, excluded, sample_catalog())) {
      if (cells[i].implementation == implementation) {
        texts.push_back(std::to_string(cells[i].micro_batch) + " " + cells[i].flags_text());
      }
    }
    return texts;
  }
};

// Made-up peaks: 1 GiB and per sequence 1 GiB (no flags), 0.75 (one), 0.5 (two), 0.25 (three),
// 0.125 (activation_checkpoint). The reserve is 1 GiB.

TEST_F(Cheapest, takes_the_first_set_that_fits_and_measures_the_ladder_like_for_like) {
  // 24 without flags is there as well: where memory runs out is measured.
  // 18 GiB usable: 4, 6, 12 fit without flags; 24 fits with two (12 + 1); 32 needs two (17 GiB).
  EXPECT_THAT(kept("fused", "19 GiB"),
              ElementsAre("4 none", "6 none", "12 none", "12 normalize_invertible+gelu_checkpoint",
                          "24 none", "24 normalize_invertible+gelu_checkpoint",
                          "32 normalize_invertible+gelu_checkpoint"));
}

TEST_F(Cheapest, gives_every_implementation_a_ladder_of_its_own) {
  EXPECT_THAT(kept("pytorch_eager", "19 GiB"),
              ElementsAre("4 none", "6 none", "12 none", "12 activation_checkpoint", "24 none",
                          "24 activation_checkpoint", "32 activation_checkpoint"));
}

TEST_F(Cheapest, keeps_the_smallest_where_nothing_fits) {
  // 3 GiB usable: 12 fits only with activation_checkpoint, 24 and 32 with nothing.
  EXPECT_THAT(kept("fused", "4 GiB"),
              ElementsAre("4 none", "4 normalize_invertible+gelu_checkpoint",
                          "6 normalize_invertible+gelu_checkpoint+attn_dropout_checkpoint",
                          "12 activation_checkpoint", "24 activation_checkpoint",
                          "32 activation_checkpoint"));
}

TEST_F(Cheapest, needs_no_flags_where_everything_fits) {
  EXPECT_THAT(kept("fused", "80 GiB"),
              ElementsAre("4 none", "6 none", "12 none", "24 none", "32 none"));
}

TEST_F(Cheapest, passes_over_excluded_sets) {
  const auto no_gelu = [](const Cell& cell) {
    return cell.flags_text().find("gelu") != std::string::npos;
  };
  EXPECT_THAT(
      kept("fused", "19 GiB", no_gelu),
      ElementsAre("4 none", "6 none", "12 none", "12 normalize_invertible+attn_dropout_checkpoint",
                  "24 none", "24 normalize_invertible+attn_dropout_checkpoint",
                  "32 normalize_invertible+attn_dropout_checkpoint"));
}

TEST_F(Cheapest, keeps_one_cell_where_all_are_excluded) {
  const auto all_at_32 = [](const Cell& cell) { return cell.micro_batch == 32; };
  const auto texts = kept("pytorch_eager", "19 GiB", all_at_32);
  EXPECT_EQ(texts.back(), "32 none");
}

TEST_F(Cheapest, keeps_one_cell_a_micro_batch_without_plans) {
  const std::vector<Cell> cells = expand(read(v100_document()), sample_catalog());
  const std::vector<Plan> plans(cells.size(), Plan{std::nullopt, "no"});
  const std::vector<bool> excluded(cells.size(), false);
  const auto chosen = select_cheapest(cells, plans, excluded, sample_catalog());
  ASSERT_EQ(chosen.size(), 15U);
  for (const std::size_t i : chosen) {
    EXPECT_THAT(cells[i].flags, IsEmpty());
  }
}

}  // namespace
}  // namespace harness
