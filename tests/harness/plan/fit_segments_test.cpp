#include "harness/plan/fit_segments.h"

#include <set>
#include <stdexcept>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/plan/made_up_plans.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FitSegments : public SpecFiles {
 protected:
  std::vector<FitSegment> find(const nlohmann::ordered_json& document,
                               const Predictor& predictor = made_up_reply) const {
    return find_fit_segments(read(document), sample_catalog(), predictor);
  }
  static std::vector<std::string> texts(const std::vector<FitSegment>& segments,
                                        const std::string& implementation,
                                        const std::string& flags) {
    std::vector<std::string> lines;
    for (const FitSegment& s : segments) {
      if (s.cell.implementation == implementation && s.cell.flags_text() == flags) {
        lines.push_back(std::to_string(s.memory_limit_bytes / kGiB) +
                        " GiB: " + std::to_string(s.from) + "-" + std::to_string(s.to));
      }
    }
    return lines;
  }
};

// Made-up peaks: 1 GiB, 2 while accumulating (micro-batch below 24), and per sequence 1 GiB without
// flags, 0.125 with activation_checkpoint. The reserve is 1 GiB.

TEST_F(FitSegments, searches_below_and_from_the_global_batch_apart) {
  const auto segments = find(v100_document());
  EXPECT_THAT(texts(segments, "fused", "none"),
              ElementsAre("16 GiB: 1-13", "32 GiB: 1-23", "32 GiB: 24-30"));
  EXPECT_THAT(texts(segments, "pytorch_eager", "activation_checkpoint"),
              ElementsAre("16 GiB: 1-23", "16 GiB: 24-112", "32 GiB: 1-23", "32 GiB: 24-240"));
}

TEST_F(FitSegments, a_segment_carries_the_cell_and_peak_of_its_end) {
  for (const FitSegment& segment : find(v100_document())) {
    EXPECT_EQ(segment.cell.micro_batch, segment.to);
    EXPECT_EQ(segment.cell.global_batch, 24);
    EXPECT_EQ(segment.peak_bytes, made_up_peak(segment.cell));
    EXPECT_LE(segment.peak_bytes, segment.memory_limit_bytes - kGiB);
    EXPECT_EQ(segment.cell.device.memory_limit_bytes, 32 * kGiB);
  }
}

TEST_F(FitSegments, covers_every_implementation_and_flag_set_of_the_sweep) {
  std::set<std::tuple<std::string, std::string>> covered;
  for (const FitSegment& segment : find(v100_document())) {
    covered.emplace(segment.cell.implementation, segment.cell.flags_text());
  }
  EXPECT_EQ(covered.size(), 2U + 2U + 9U);
  auto document = v100_document();
  document["axes"]["flags"] = nlohmann::ordered_json::parse(R"([["gelu_checkpoint"]])");
  for (const FitSegment& segment : find(document)) {
    EXPECT_EQ(segment.cell.flags_text(), "gelu_checkpoint");
  }
}

TEST_F(FitSegments, without_a_global_batch_there_is_one_region) {
  auto document = v100_document();
  document.erase("global_batch");
  EXPECT_THAT(texts(find(document), "fused", "none"), ElementsAre("16 GiB: 1-14", "32 GiB: 1-30"));
}

TEST_F(FitSegments, adds_the_device_s_own_limit_once) {
  auto document = v100_document();
  document["flag_table_limits"] = {"16 GiB"};
  EXPECT_THAT(texts(find(document), "fused", "none"),
              ElementsAre("16 GiB: 1-13", "32 GiB: 1-23", "32 GiB: 24-30"));
}

TEST_F(FitSegments, stops_at_the_largest_micro_batch_that_is_searched) {
  auto document = v100_document();
  document.erase("global_batch");
  document["flag_table_limits"] = {"1024 TiB"};
  EXPECT_EQ(texts(find(document), "fused", "none").front(),
            "1048576 GiB: 1-" + std::to_string(kLargestSearchedMicroBatch));
}

TEST_F(FitSegments, without_limits_nothing_is_asked) {
  const auto never = [](const std::vector<Cell>&) -> PlanReply {
    ADD_FAILURE() << "asked";
    return {};
  };
  EXPECT_THAT(find(smallest_document(), never), IsEmpty());
}

TEST_F(FitSegments, asks_for_no_cell_twice_and_in_few_calls) {
  std::set<std::string> asked;
  int calls = 0;
  find(v100_document(), [&](const std::vector<Cell>& cells) {
    ++calls;
    for (const Cell& cell : cells) {
      EXPECT_TRUE(asked.insert(cell_key(cell)).second) << cell_key(cell);
    }
    return made_up_reply(cells);
  });
  EXPECT_LE(calls, 16);
}

TEST_F(FitSegments, cells_that_cannot_be_planned_have_no_segment) {
  const auto unsupported = [](const std::vector<Cell>& cells) {
    return PlanReply{{"cuda", true, ""}, std::vector<Plan>(cells.size(), {std::nullopt, "no"}), ""};
  };
  EXPECT_THAT(find(v100_document(), unsupported), IsEmpty());
}

TEST_F(FitSegments, refuses_a_predictor_that_answers_too_little) {
  const auto silent = [](const std::vector<Cell>&) { return PlanReply{}; };
  EXPECT_THROW(find(v100_document(), silent), std::invalid_argument);
}

}  // namespace
}  // namespace harness
