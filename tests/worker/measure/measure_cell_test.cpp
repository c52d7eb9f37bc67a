#include "worker/measure/measure_cell.h"

#include <gtest/gtest.h>

#include "apps/registry.h"
#include "machine/processors.h"
#include "tests/worker/test_cells.h"
#include "worker/plan/plan_cell.h"
#include "worker/support.h"

namespace worker {
namespace {

harness::Record measure(const harness::Cell& cell) {
  return measure_cell({cell, 3, "again"}, apps::registry());
}

TEST(MeasureCell, a_passed_record_has_a_time_for_every_step_and_its_memory) {
  auto cell = small_cell("fused");
  cell.measure.steps = 3;
  cell.global_batch = 5;
  const auto record = measure(cell);
  EXPECT_EQ(record.status, harness::Status::kPassed);
  EXPECT_EQ(record.reason, "");
  EXPECT_EQ(record.samples.size(), 3U);
  for (const double seconds : record.samples) EXPECT_GT(seconds, 0);
  EXPECT_EQ(record.sequences_per_sample, 6);
  ASSERT_EQ(record.tokens.size(), 3U);
  for (const int64_t tokens : record.tokens) {
    EXPECT_GT(tokens, 0);
    EXPECT_LE(tokens, 6 * cell.sequence_length);
  }
  EXPECT_EQ(record.round, 3);
  EXPECT_EQ(record.repro, "again");
  EXPECT_EQ(record.cell, cell);
  EXPECT_EQ(record.environment.at("threads"), 2);
  EXPECT_EQ(record.environment.at("affinity").size(), 2U);
  EXPECT_TRUE(record.environment.contains("cpu"));
  EXPECT_TRUE(record.build.contains("commit"));
  EXPECT_GE(record.memory.measured.value().reserved_bytes.value(),
            record.memory.measured->peak_bytes);
}

TEST(MeasureCell, the_planned_peak_is_the_smallest_limit_that_passes) {
  for (const char* const name : {"pytorch_eager", "fused"}) {
    SCOPED_TRACE(name);
    auto cell = small_cell(name);
    const auto free = measure(cell);
    const auto plan = plan_cell(cell, apps::registry()).footprint.value();
    const auto& measured = free.memory.measured.value();
    ASSERT_EQ(measured.peak_bytes - measured.library_scratch_bytes, plan.peak_bytes);
    cell.device.reserved_bytes = 1000;
    cell.device.memory_limit_bytes = measured.peak_bytes + 1000;
    EXPECT_EQ(measure(cell).status, harness::Status::kPassed);
    cell.device.memory_limit_bytes = measured.peak_bytes + 1000 - 64;
    const auto failed = measure(cell);
    EXPECT_EQ(failed.status, harness::Status::kOutOfMemory);
    EXPECT_EQ(harness::to_string(failed.phase.value()), plan.peak_phase);
    EXPECT_TRUE(failed.samples.empty());
    const auto& refused = failed.memory.out_of_memory.value();
    EXPECT_EQ(refused.in_use.total(), refused.in_use_bytes);
    EXPECT_EQ(refused.in_use_bytes + refused.requested_bytes, measured.peak_bytes);
    EXPECT_EQ(refused.in_use.weights, measured.at_peak.weights);
    EXPECT_NE(failed.reason.find(std::to_string(refused.requested_bytes)), std::string::npos);
  }
}

TEST(MeasureCell, smaller_limits_fail_in_earlier_phases) {
  auto cell = small_cell("pytorch_eager");
  const auto peak = measure(cell).memory.measured.value();
  cell.device.memory_limit_bytes = peak.at_peak.weights - 64;
  EXPECT_EQ(measure(cell).phase, harness::Phase::kSetup);
  // Room for the weights and for the largest of them once more, which initialization takes.
  cell.device.memory_limit_bytes = peak.at_peak.weights + (1 << 18);
  EXPECT_EQ(measure(cell).phase, harness::Phase::kForward);
}

TEST(MeasureCell, a_cell_runs_the_same_after_one_that_ran_out_of_memory) {
  auto cell = small_cell("fused");
  const auto before = measure(cell).memory.measured.value();
  auto poor = cell;
  poor.device.memory_limit_bytes = before.peak_bytes / 2;
  EXPECT_EQ(measure(poor).status, harness::Status::kOutOfMemory);
  const auto after = measure(cell).memory.measured.value();
  EXPECT_EQ(after.at_peak, before.at_peak);
}

/// A layer that throws in its forward, or else in its backward.
class FailingLayer : public model::EncoderLayer {
 public:
  FailingLayer(std::unique_ptr<model::EncoderLayer> inner, bool backward)
      : inner_(std::move(inner)), backward_(backward) {}
  at::Tensor forward(const at::Tensor& hidden, const model::SequenceLayout& layout,
                     const model::DropoutSource& dropout, bool training) const override {
    if (!backward_) throw std::runtime_error("the layer broke\nsecond line");
    auto output = inner_->forward(hidden, layout, dropout, training);
    output.register_hook([](const at::Tensor&) { TORCH_CHECK(false, "the gradient broke"); });
    return output;
  }
  std::vector<model::Parameter> parameters() const override { return inner_->parameters(); }
  std::vector<model::WeightView> weights() const override { return inner_->weights(); }

 private:
  std::unique_ptr<model::EncoderLayer> inner_;
  bool backward_;
};

harness::Record measure_failing(bool backward) {
  auto registry = apps::registry();
  auto failing = *registry.find("pytorch_eager");
  failing.name = "failing";
  failing.make_layer = [make = failing.make_layer, backward](const auto&... arguments) {
    return std::make_unique<FailingLayer>(make(arguments...), backward);
  };
  registry.implementations.push_back(failing);
  return measure_cell({small_cell("failing"), 3, "again"}, registry);
}

TEST(MeasureCell, an_exception_in_a_step_is_a_crash_in_its_phase) {
  const auto forward = measure_failing(/*backward=*/false);
  EXPECT_EQ(forward.status, harness::Status::kCrashed);
  EXPECT_EQ(forward.phase, harness::Phase::kForward);
  EXPECT_EQ(forward.reason, "the layer broke");
  const auto backward = measure_failing(/*backward=*/true);
  EXPECT_EQ(backward.status, harness::Status::kCrashed);
  EXPECT_EQ(backward.phase, harness::Phase::kBackward);
  EXPECT_NE(backward.reason.find("the gradient broke"), std::string::npos);
  EXPECT_EQ(backward.reason.find('\n'), std::string::npos);
  EXPECT_TRUE(backward.samples.empty());
}

TEST(MeasureCell, what_this_machine_cannot_hold_is_skipped_for_that_reason) {
  auto cell = small_cell("fused");
  cell.model.vocabulary = int64_t{1} << 40;
  const auto record = measure(cell);
  EXPECT_EQ(record.status, harness::Status::kSkipped);
  EXPECT_EQ(record.phase, harness::Phase::kSetup);
  EXPECT_NE(record.reason.find("this machine's own memory"), std::string::npos);
}

TEST(MeasureCell, threads_without_a_processor_each_are_not_pinned) {
  auto cell = small_cell("fused");
  cell.measure.pinning = "compact";
  cell.measure.threads = static_cast<int64_t>(machine::allowed_processors().size()) + 1;
  const auto record = measure(cell);
  EXPECT_EQ(record.status, harness::Status::kUnsupported);
  EXPECT_NE(record.reason.find("cannot have a processor each"), std::string::npos);
  cell.measure.pinning = "none";
  EXPECT_EQ(measure(cell).status, harness::Status::kPassed);
}

TEST(MeasureCell, heads_of_more_than_256_take_flash_attention_on_the_cpu) {
  auto cell = small_cell("fused");
  cell.model.heads = 1;
  cell.model.hidden = 264;
  cell.flags = {"flash_attention"};
  const auto record = measure(cell);
  EXPECT_EQ(record.status, harness::Status::kPassed) << record.reason;
}

/// A device that ends its warm-up with `fail`, having refused `refusal`.
class FailingDevice : public Device {
 public:
  FailingDevice(std::function<void()> fail, std::optional<Refusal> refusal = {})
      : fail_(std::move(fail)), refusal_(std::move(refusal)) {}
  at::Device torch_device() const override { return at::kCPU; }
  PlannedDevice kind() const override { return PlannedDevice::kCpu; }
  void warm_up(at::ScalarType /*dtype*/) override { fail_(); }
  void begin_run(const RunOptions& /*options*/) override {}
  void trim() override {}
  Ledger& ledger() override { return ledger_; }
  harness::MemoryFootprint footprint() const override { return {}; }
  std::optional<Refusal> last_refusal() const override { return refusal_; }
  std::vector<double> time_steps(int64_t, int64_t, const Step&) override { return {}; }
  std::unique_ptr<ActivityRecorder> activity_recorder() override { return nullptr; }
  void describe(nlohmann::json& /*environment*/) const override {}

 private:
  std::function<void()> fail_;
  std::optional<Refusal> refusal_;
  Ledger ledger_;
};

TEST(MeasureCell, an_error_of_the_warm_up_is_a_crash_in_set_up) {
  FailingDevice device([] { TORCH_CHECK(false, "no product of this type"); });
  const auto record = measure_cell({small_cell("fused"), 3, "again"}, apps::registry(), device);
  EXPECT_EQ(record.status, harness::Status::kCrashed);
  EXPECT_EQ(record.phase, harness::Phase::kSetup);
  EXPECT_EQ(record.reason, "no product of this type");
}

TEST(MeasureCell, out_of_memory_says_whether_the_limit_or_the_device_was_the_reason) {
  auto cell = small_cell("fused");
  cell.device.memory_limit_bytes = 7000;
  const auto reason = [&](Refusal::Reason why) {
    Refusal refusal{why, {500, 6000, {}}, train::Phase::kForward, 300};
    FailingDevice device([] { TORCH_CHECK_WITH(OutOfMemoryError, false, "no memory"); }, refusal);
    const auto record = measure_cell({cell, 3, "again"}, apps::registry(), device);
    EXPECT_EQ(record.status, harness::Status::kOutOfMemory);
    EXPECT_EQ(record.phase, harness::Phase::kForward);
    return record.reason;
  };
  const std::string wanted = "500 bytes asked for in forward, 6000 in use; ";
  EXPECT_EQ(reason(Refusal::Reason::kLimit), wanted + "the limit is 7000 bytes");
  EXPECT_EQ(reason(Refusal::Reason::kDevice),
            wanted + "the device had 300 bytes free, before the limit of 7000 bytes");
  cell.device.memory_limit_bytes.reset();
  EXPECT_EQ(reason(Refusal::Reason::kDevice), wanted + "the device had 300 bytes free");
}

TEST(MeasureCell, what_the_device_does_not_do_is_unsupported) {
  auto half = small_cell("fused");
  half.precision = "fp16";
  std::vector<harness::Cell> cells = {half};
  if (!device_status("cuda").available) {
    cells.push_back(small_cell("fused"));
    cells.back().device.kind = "cuda";
  }
  for (const auto& cell : cells) {
    const auto record = measure(cell);
    EXPECT_EQ(record.status, harness::Status::kUnsupported);
    EXPECT_EQ(record.phase, harness::Phase::kSetup);
    EXPECT_FALSE(record.reason.empty());
  }
}

}  // namespace
}  // namespace worker
