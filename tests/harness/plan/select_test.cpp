#include "harness/plan/select.h"

#include <map>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/expand.h"
#include "tests/harness/plan/made_up_plans.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::HasSubstr;

class Select : public SpecFiles {
 protected:
  /// One cell a micro-batch on a CPU, with the made-up peaks of 1 GiB + 1 GiB a sequence.
  nlohmann::ordered_json cpu_document() const {
    auto document = smallest_document();
    document["axes"]["implementation"] = {"fused"};
    document["axes"]["micro_batch"] = {2, 4, 8, 16};
    return document;
  }
  Schedule schedule(const nlohmann::ordered_json& document,
                    std::optional<int64_t> available = std::nullopt) const {
    const SweepSpec spec = read(document);
    const auto cells = expand(spec, sample_catalog());
    return select(spec, sample_catalog(), cells, made_up_reply(cells), available);
  }
  static std::string status_of(const ScheduledCell& cell) {
    return cell.not_launched ? std::string(to_string(*cell.not_launched)) : "launched";
  }
  static std::vector<std::string> statuses(const Schedule& schedule) {
    std::vector<std::string> texts;
    for (const ScheduledCell& cell : schedule.cells) {
      texts.push_back(status_of(cell));
      EXPECT_EQ(cell.reason.empty(), !cell.not_launched) << cell.reason;
    }
    return texts;
  }
};

TEST_F(Select, launches_every_round_of_everything_without_limits) {
  const Schedule got = schedule(cpu_document());
  EXPECT_THAT(statuses(got), testing::Each("launched"));
  EXPECT_EQ(got.launches.size(), 4U * 6U);
}

TEST_F(Select, leaves_what_is_clearly_too_large_but_runs_the_boundary) {
  auto document = cpu_document();
  document["device"]["memory_limit"] = "6 GiB";
  // Peaks 3, 5, 9, 17 GiB: 4 is the last that fits, 8 the first that does not.
  const Schedule got = schedule(document);
  EXPECT_THAT(statuses(got),
              testing::ElementsAre("launched", "launched", "launched", "out_of_memory"));
  EXPECT_THAT(got.cells[3].reason, HasSubstr("planned peak of 17408 MiB is more than 5 % over the "
                                             "6144 MiB"));
}

TEST_F(Select, runs_what_is_within_the_margin) {
  auto document = cpu_document();
  document["device"]["memory_limit"] = "17.5 GiB";
  document["axes"]["micro_batch"] = {16, 17, 18};
  // Peaks 17, 18, 19 GiB against 17.5: 18 is the boundary's other side, 19 is 8.6 % over.
  EXPECT_THAT(statuses(schedule(document)),
              testing::ElementsAre("launched", "launched", "out_of_memory"));
  document["device"]["memory_limit"] = "18.2 GiB";
  EXPECT_THAT(statuses(schedule(document)), testing::Each("launched"));
}

TEST_F(Select, skips_carry_the_reason_of_their_rule) {
  auto document = cpu_document();
  document["exclude"] = nlohmann::ordered_json::parse(
      R"([{"when": {"micro_batch": 4, "implementation": "fused"}, "reason": "too noisy"}])");
  const Schedule got = schedule(document);
  EXPECT_THAT(statuses(got), testing::ElementsAre("launched", "skipped", "launched", "launched"));
  EXPECT_EQ(got.cells[1].reason, "too noisy");
  EXPECT_EQ(got.launches.size(), 3U * 6U);
}

TEST_F(Select, skips_what_this_machine_cannot_hold) {
  // Micro-batch 4 may need 5 GiB * 1.1 + 700 MiB = 6332 MiB.
  const Schedule got = schedule(cpu_document(), int64_t{6332} << 20);
  EXPECT_THAT(statuses(got), testing::ElementsAre("launched", "launched", "skipped", "skipped"));
  EXPECT_EQ(got.cells[2].reason,
            "this machine has 6332 MiB of free memory, the cell may need 10838 MiB");
  EXPECT_THAT(statuses(schedule(cpu_document(), (int64_t{6332} << 20) - 1)),
              testing::ElementsAre("launched", "skipped", "skipped", "skipped"));
}

TEST_F(Select, a_memory_limit_bounds_what_a_cell_takes_from_the_machine) {
  auto document = cpu_document();
  document["device"]["memory_limit"] = "5 GiB";
  // Micro-batch 8 would take 9 GiB, but the limit stops it at 5.
  EXPECT_THAT(statuses(schedule(document, int64_t{6332} << 20)),
              testing::ElementsAre("launched", "launched", "launched", "out_of_memory"));
}

TEST_F(Select, a_gpu_does_not_use_the_machine_s_memory) {
  auto document = cpu_document();
  document["device"]["kind"] = "cuda";
  EXPECT_THAT(statuses(schedule(document, 1)), testing::Each("launched"));
}

TEST_F(Select, what_the_plan_does_not_support_carries_its_reason) {
  const SweepSpec spec = read(cpu_document());
  const auto cells = expand(spec, sample_catalog());
  PlanReply reply = made_up_reply(cells);
  reply.plans[1] = {std::nullopt, "hidden size 383 is odd"};
  const Schedule got = select(spec, sample_catalog(), cells, reply, std::nullopt);
  EXPECT_EQ(status_of(got.cells[1]), "unsupported");
  EXPECT_EQ(got.cells[1].reason, "hidden size 383 is odd");
}

TEST_F(Select, a_missing_device_leaves_every_cell_with_its_plan) {
  const SweepSpec spec = read(v100_document());
  const auto cells = expand(spec, sample_catalog());
  PlanReply reply = made_up_reply(cells);
  reply.device = {"cuda", false, "no driver is loaded"};
  const Schedule got = select(spec, sample_catalog(), cells, reply, std::nullopt);
  EXPECT_TRUE(got.launches.empty());
  EXPECT_GE(got.cells.size(), 15U);
  for (const ScheduledCell& cell : got.cells) {
    EXPECT_EQ(cell.not_launched, Status::kUnsupported);
    EXPECT_EQ(cell.reason, "no driver is loaded");
    EXPECT_TRUE(cell.plan.footprint.has_value());
  }
}

TEST_F(Select, narrows_cheapest) {
  const Schedule got = schedule(v100_document());
  std::map<std::string, int> cells;
  for (const ScheduledCell& cell : got.cells) {
    ++cells[cell.cell.implementation];
  }
  EXPECT_LT(got.cells.size(), 65U);
  EXPECT_GE(cells["pytorch_eager"], 5);
  EXPECT_GE(cells["fused"], 5);
}

TEST_F(Select, refuses_plans_that_are_not_one_a_cell) {
  const SweepSpec spec = read(cpu_document());
  const auto cells = expand(spec, sample_catalog());
  PlanReply reply = made_up_reply(cells);
  reply.plans.pop_back();
  EXPECT_THROW(select(spec, sample_catalog(), cells, reply, std::nullopt), std::invalid_argument);
}

TEST_F(Select, one_cell_alone_is_one_round) {
  const SweepSpec spec = read(cpu_document());
  const auto cells = expand(spec, sample_catalog());
  const Schedule got = select_one(cells[0], made_up_reply({cells[0]}), std::nullopt);
  EXPECT_THAT(statuses(got), testing::ElementsAre("launched"));
  ASSERT_EQ(got.launches.size(), 1U);
  EXPECT_EQ(got.launches[0].round, 0);
}

TEST_F(Select, one_cell_alone_is_tried_over_its_limit_but_not_over_the_machine_s_memory) {
  auto document = cpu_document();
  document["device"]["memory_limit"] = "6 GiB";
  const SweepSpec spec = read(document);
  const auto cells = expand(spec, sample_catalog());
  // Peaks 3, 5, 9, 17 GiB; a sweep would launch neither of the last two.
  for (const std::size_t i : {2, 3}) {
    const Schedule too_large = select_one(cells[i], made_up_reply({cells[i]}), std::nullopt);
    EXPECT_THAT(statuses(too_large), testing::ElementsAre("launched"));
    EXPECT_EQ(too_large.launches.size(), 1U);
  }
  const Schedule poor = select_one(cells[1], made_up_reply({cells[1]}), int64_t{1} << 30);
  EXPECT_THAT(statuses(poor), testing::ElementsAre("skipped"));
  EXPECT_EQ(poor.cells[0].reason,
            "this machine has 1024 MiB of free memory, the cell may need 6332 MiB");
  EXPECT_TRUE(poor.launches.empty());
}

}  // namespace
}  // namespace harness
