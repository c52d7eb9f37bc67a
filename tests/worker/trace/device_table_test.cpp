#include "worker/trace/device_table.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "tests/worker/trace/made_up_step.h"

namespace worker {
namespace {

const harness::OperatorTime& row(const std::vector<harness::OperatorTime>& table,
                                 const std::string& name, const std::string& phase) {
  for (const auto& time : table) {
    if (time.name == name && time.phase == phase) return time;
  }
  throw std::out_of_range(name + " in " + phase);
}

double total_seconds(const std::vector<harness::OperatorTime>& table) {
  double total = 0;
  for (const auto& time : table) total += time.self_seconds;
  return total;
}

TEST(DeviceTable, an_operator_has_the_time_of_what_it_launched) {
  const Activities activities = {made_up_activity("add_kernel", 1000, 1030, kAddSpan),
                                 made_up_activity("add_kernel", 1030, 1040, kAddSpan),
                                 made_up_activity("add_kernel", 1040, 1045, kAddAgainSpan)};
  const auto table = device_table(made_up_step(), activities);
  ASSERT_EQ(table.size(), 2U);
  const auto& forward = row(table, "add", "forward");
  EXPECT_DOUBLE_EQ(forward.self_seconds, 40e-9);
  EXPECT_EQ(forward.calls, 1) << "two kernels of one call";
  EXPECT_EQ(forward.bytes, 30);
  EXPECT_EQ(forward.precision, "bf16");
  EXPECT_DOUBLE_EQ(row(table, "add", "backward").self_seconds, 5e-9);
}

TEST(DeviceTable, a_kernel_counts_for_the_operator_whose_flops_it_computes) {
  const auto table =
      device_table(made_up_step(), {made_up_activity("gemm", 1000, 1060, kInnerSpan)});
  ASSERT_EQ(table.size(), 1U);
  EXPECT_EQ(table[0].name, "product");
  EXPECT_EQ(table[0].flops, 600);
  EXPECT_EQ(table[0].bytes, 70);
  EXPECT_DOUBLE_EQ(table[0].self_seconds, 60e-9);
}

TEST(DeviceTable, gaps_are_rows_of_the_phase_that_the_device_waited_for) {
  const Activities activities = {made_up_activity("gemm", 1000, 1100, kInnerSpan),
                                 made_up_activity("add", 1120, 1150, kAddSpan),
                                 made_up_activity("add", 1150, 1160, kAddSpan),
                                 made_up_activity("add", 1200, 1210, kAddAgainSpan),
                                 made_up_activity("add", 1215, 1216, kAddAgainSpan)};
  const auto table = device_table(made_up_step(), activities);
  const auto& forward = row(table, harness::kDeviceIdle, "forward");
  EXPECT_EQ(forward.calls, 1);
  EXPECT_DOUBLE_EQ(forward.self_seconds, 20e-9);
  const auto& backward = row(table, harness::kDeviceIdle, "backward");
  EXPECT_EQ(backward.calls, 2);
  EXPECT_DOUBLE_EQ(backward.self_seconds, 45e-9);
  EXPECT_DOUBLE_EQ(device_seconds(activities), 216e-9);
  EXPECT_DOUBLE_EQ(total_seconds(table), 216e-9);
}

TEST(DeviceTable, time_of_several_activities_at_once_is_divided_and_counted_once) {
  // 1000 .. 1040 alone, .. 1060 two, .. 1090 three, .. 1100 one.
  const Activities activities = {made_up_activity("gemm", 1000, 1090, kProductSpan, 7),
                                 made_up_activity("add", 1040, 1100, kAddSpan, 8),
                                 made_up_activity("copy", 1060, 1090, kForwardSpan, 9)};
  const auto table = device_table(made_up_step(), activities);
  EXPECT_DOUBLE_EQ(row(table, "product", "forward").self_seconds, 60e-9);
  EXPECT_DOUBLE_EQ(row(table, "add", "forward").self_seconds, 30e-9);
  EXPECT_DOUBLE_EQ(row(table, "copy", "forward").self_seconds, 10e-9);
  EXPECT_DOUBLE_EQ(total_seconds(table), device_seconds(activities));
  EXPECT_EQ(table.size(), 3U) << "no gap";
}

TEST(DeviceTable, the_first_to_begin_need_not_be_the_last_to_end) {
  const Activities activities = {made_up_activity("gemm", 1000, 1500, kProductSpan, 7),
                                 made_up_activity("add", 1100, 1200, kAddSpan, 8)};
  EXPECT_DOUBLE_EQ(device_seconds(activities), 500e-9);
  EXPECT_DOUBLE_EQ(total_seconds(device_table(made_up_step(), activities)), 500e-9);
}

TEST(DeviceTable, what_no_operator_launched_has_a_row_of_its_own) {
  auto copy = made_up_activity("copy host to device", 1000, 1010, kForwardSpan);
  copy.bytes = 64;
  const Activities activities = {copy, copy, made_up_activity("graph_kernel", 1010, 1020, 0),
                                 made_up_activity("unknown", 1020, 1030, 99),
                                 made_up_activity("node_kernel", 1030, 1040, kNodeSpan)};
  const auto table = device_table(made_up_step(), activities);
  EXPECT_EQ(row(table, "copy host to device", "forward").calls, 2);
  EXPECT_EQ(row(table, "copy host to device", "forward").bytes, 128);
  EXPECT_EQ(row(table, "copy host to device", "forward").precision, "");
  EXPECT_EQ(row(table, "graph_kernel", "").calls, 1);
  EXPECT_EQ(row(table, "unknown", "").calls, 1);
  EXPECT_EQ(row(table, "AddBackward0", "backward").calls, 1);
}

TEST(DeviceTable, an_activity_without_length_takes_no_time) {
  const Activities activities = {made_up_activity("gemm", 1000, 1010, kProductSpan),
                                 made_up_activity("add", 1020, 1020, kAddSpan),
                                 made_up_activity("add", 1030, 1040, kAddAgainSpan)};
  const auto table = device_table(made_up_step(), activities);
  EXPECT_DOUBLE_EQ(row(table, "add", "forward").self_seconds, 0);
  EXPECT_DOUBLE_EQ(row(table, harness::kDeviceIdle, "forward").self_seconds, 10e-9);
  EXPECT_DOUBLE_EQ(row(table, harness::kDeviceIdle, "backward").self_seconds, 10e-9);
  EXPECT_DOUBLE_EQ(total_seconds(table), device_seconds(activities));
}

TEST(DeviceTable, operators_that_launch_nothing_have_no_row) {
  EXPECT_TRUE(device_table(made_up_step(), {}).empty());
  EXPECT_EQ(device_seconds({}), 0);
}

}  // namespace
}  // namespace worker
