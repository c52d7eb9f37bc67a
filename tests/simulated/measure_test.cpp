#include "simulated/measure.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/protocol/record.h"
#include "tests/simulated/simulated_cells.h"

namespace simulated {
namespace {

using harness::Record;
using harness::Status;
using testing::DoubleEq;
using testing::ElementsAre;

Record record_of(const harness::Cell& cell, int64_t round = 0) {
  return nlohmann::json::parse(measure({cell, round, "again"})).get<Record>();
}

TEST(Measure, gives_a_passed_record_by_the_formula) {
  const auto record = record_of(make_cell(), 1);
  EXPECT_EQ(record.status, Status::kPassed);
  EXPECT_EQ(record.cell, make_cell());
  EXPECT_EQ(record.round, 1);
  EXPECT_EQ(record.repro, "again");
  EXPECT_THAT(record.samples, ElementsAre(DoubleEq(0.036), DoubleEq(0.036)));
  EXPECT_EQ(record.tokens, std::vector<int64_t>({8 * 384, 8 * 384}));
  EXPECT_EQ(record.sequences_per_sample, 8);
  EXPECT_EQ(record.memory.measured->peak_bytes, 1400);
}

TEST(Measure, the_same_seed_gives_the_same_record_and_each_round_its_own_noise) {
  auto cell = make_cell();
  cell.device.simulated->noise = {0.1, 0.1};
  EXPECT_EQ(record_of(cell), record_of(cell));
  EXPECT_NE(record_of(cell, 0).samples, record_of(cell, 1).samples);
  EXPECT_NE(record_of(cell).samples[0], record_of(cell).samples[1]);
}

TEST(Measure, rounds_drift) {
  auto cell = make_cell();
  cell.device.simulated->drift_percent = 50;
  EXPECT_DOUBLE_EQ(record_of(cell, 2).samples[0], 0.036 * 1.5 * 1.5);
}

TEST(Measure, a_limit_refuses_the_activations_or_the_base) {
  auto cell = make_cell();
  cell.device.memory_limit_bytes = 1400;
  EXPECT_EQ(record_of(cell).status, Status::kPassed);
  cell.device.reserved_bytes = 1;
  auto record = record_of(cell);
  EXPECT_EQ(record.status, Status::kOutOfMemory);
  EXPECT_EQ(record.phase, harness::Phase::kForward);
  EXPECT_EQ(record.reason, "400 bytes asked for in forward, 1000 in use; the limit is 1399 bytes");
  EXPECT_EQ(record.memory.out_of_memory->in_use.total(), 1000);
  cell.device.memory_limit_bytes = 1000;
  record = record_of(cell);
  EXPECT_EQ(record.phase, harness::Phase::kSetup);
  EXPECT_EQ(record.memory.out_of_memory->requested_bytes, 1000);
}

TEST(Measure, the_fault_out_of_memory_is_a_smaller_device_than_it_says) {
  auto fault = make_fault("out_of_memory");
  fault.round = 0;
  fault.above_bytes = 1200;
  const auto record = record_of(make_faulty_cell(fault));
  EXPECT_EQ(record.status, Status::kOutOfMemory);
  EXPECT_EQ(record.reason, "400 bytes asked for in forward, 1000 in use; the limit is 1200 bytes");
}

TEST(Measure, a_sticky_error_is_a_crash_in_its_phase) {
  auto fault = make_fault("sticky_error");
  fault.round = 0;
  fault.phase = "optimizer";
  const auto record = record_of(make_faulty_cell(fault), 5);
  EXPECT_EQ(record.status, Status::kCrashed);
  EXPECT_EQ(record.phase, harness::Phase::kOptimizer);
}

TEST(Measure, the_fault_drift_makes_each_step_slower_than_the_last) {
  auto fault = make_fault("drift");
  fault.round = 0;
  fault.percent_per_step = 100;
  // After one step of warm-up.
  EXPECT_THAT(record_of(make_faulty_cell(fault)).samples,
              ElementsAre(DoubleEq(0.072), DoubleEq(0.144)));
}

TEST(Measure, in_real_time_a_round_lasts_as_long_as_its_steps) {
  auto cell = make_cell();
  cell.device.simulated->real_time = true;
  const auto begin = std::chrono::steady_clock::now();
  record_of(cell);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(3 * 36));
}

}  // namespace
}  // namespace simulated
