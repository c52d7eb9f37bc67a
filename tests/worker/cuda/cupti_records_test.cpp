#include "worker/cuda/cupti_records.h"

#include <gtest/gtest.h>

namespace worker {
namespace {

template <class Record>
const CUpti_Activity& as_activity(const Record& record) {
  return reinterpret_cast<const CUpti_Activity&>(record);
}

CUpti_ActivityKernel10 kernel(const char* name, uint64_t begin, uint64_t end,
                              uint32_t correlation) {
  CUpti_ActivityKernel10 record{};
  record.kind = CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL;
  record.name = name;
  record.start = begin;
  record.end = end;
  record.streamId = 7;
  record.correlationId = correlation;
  return record;
}

CUpti_ActivityMemcpy6 copy(CUpti_ActivityMemcpyKind kind, uint64_t bytes) {
  CUpti_ActivityMemcpy6 record{};
  record.kind = CUPTI_ACTIVITY_KIND_MEMCPY;
  record.copyKind = static_cast<uint8_t>(kind);
  record.bytes = bytes;
  record.start = 10;
  record.end = 20;
  return record;
}

CUpti_ActivityExternalCorrelation link(CUpti_ExternalCorrelationKind kind, uint64_t span,
                                       uint32_t correlation) {
  CUpti_ActivityExternalCorrelation record{};
  record.kind = CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION;
  record.externalKind = kind;
  record.externalId = span;
  record.correlationId = correlation;
  return record;
}

TEST(CuptiRecords, a_kernel_belongs_to_the_span_of_its_call_whichever_record_comes_first) {
  CuptiRecords records;
  records.add(as_activity(kernel("second", 300, 400, 2)));
  records.add(as_activity(link(kSpanCorrelation, 41, 1)));
  records.add(as_activity(kernel("first", 100, 200, 1)));
  records.add(as_activity(link(kSpanCorrelation, 42, 2)));
  records.add(as_activity(kernel("third", 500, 600, 3)));
  const auto activities = records.take();
  ASSERT_EQ(activities.size(), 3U);
  EXPECT_EQ(activities[0].name, "first") << "by begin";
  EXPECT_EQ(activities[0].launcher, 41U);
  EXPECT_EQ(activities[0].begin_ns, 100);
  EXPECT_EQ(activities[0].end_ns, 200);
  EXPECT_EQ(activities[0].stream, 7U);
  EXPECT_EQ(activities[1].launcher, 42U);
  EXPECT_EQ(activities[2].launcher, 0U) << "of no span";
  EXPECT_TRUE(records.take().empty());
}

TEST(CuptiRecords, other_numbers_than_those_of_spans_are_not_believed) {
  CuptiRecords records;
  records.add(as_activity(link(CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM0, 9, 1)));
  records.add(as_activity(kernel("kernel", 100, 200, 1)));
  EXPECT_EQ(records.take().at(0).launcher, 0U);
}

TEST(CuptiRecords, a_kernel_has_its_name_as_its_source_has_it) {
  CuptiRecords records;
  records.add(as_activity(kernel("_ZN7kernels8add_biasEPfPKfi", 1, 2, 1)));
  records.add(as_activity(kernel("plain_name", 3, 4, 2)));
  records.add(as_activity(kernel(nullptr, 5, 6, 3)));
  const auto activities = records.take();
  EXPECT_EQ(activities[0].name, "kernels::add_bias(float*, float const*, int)");
  EXPECT_EQ(activities[1].name, "plain_name");
  EXPECT_EQ(activities[2].name, "unnamed kernel");
}

TEST(CuptiRecords, copies_and_fills_say_how_much_of_the_device_s_memory_they_move) {
  CuptiRecords records;
  records.add(as_activity(copy(CUPTI_ACTIVITY_MEMCPY_KIND_HTOD, 100)));
  records.add(as_activity(copy(CUPTI_ACTIVITY_MEMCPY_KIND_DTOH, 100)));
  records.add(as_activity(copy(CUPTI_ACTIVITY_MEMCPY_KIND_DTOD, 100)));
  CUpti_ActivityMemset4 fill{};
  fill.kind = CUPTI_ACTIVITY_KIND_MEMSET;
  fill.bytes = 50;
  fill.start = 30;
  fill.end = 31;
  fill.streamId = 13;
  records.add(as_activity(fill));
  const auto activities = records.take();
  ASSERT_EQ(activities.size(), 4U);
  EXPECT_EQ(activities[0].name, "copy host to device");
  EXPECT_EQ(activities[0].kind, ActivityKind::kCopy);
  EXPECT_EQ(activities[0].bytes, 100);
  EXPECT_EQ(activities[1].name, "copy device to host");
  EXPECT_EQ(activities[2].name, "copy on the device");
  EXPECT_EQ(activities[2].bytes, 200) << "read and written";
  EXPECT_EQ(activities[3].name, "fill");
  EXPECT_EQ(activities[3].kind, ActivityKind::kFill);
  EXPECT_EQ(activities[3].bytes, 50);
  EXPECT_EQ(activities[3].stream, 13U);
}

TEST(CuptiRecords, what_has_no_times_is_counted_and_is_no_activity) {
  CuptiRecords records;
  records.add(as_activity(kernel("kernel", 0, 0, 1)));
  records.add(as_activity(kernel("kernel", 20, 10, 1)));
  EXPECT_EQ(records.untimed(), 2);
  EXPECT_TRUE(records.take().empty());
  EXPECT_EQ(records.untimed(), 0) << "nothing is left";
}

TEST(CuptiRecords, calls_of_the_host_are_no_activities) {
  CuptiRecords records;
  CUpti_ActivityAPI call{};
  call.kind = CUPTI_ACTIVITY_KIND_RUNTIME;
  call.correlationId = 1;
  records.add(as_activity(call));
  EXPECT_TRUE(records.take().empty());
  EXPECT_EQ(records.untimed(), 0);
}

}  // namespace
}  // namespace worker
