#include "harness/protocol/step_trace.h"

#include <concepts>

#include "harness/protocol/strict_object.h"

namespace harness {

static constexpr const char* kFp16Peak = "fp16_flops_per_second";

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, MachinePeaks>
static void describe(Visitor& field, T& peaks) {
  field("fp32_flops_per_second", peaks.fp32_flops_per_second);
  field("bf16_flops_per_second", peaks.bf16_flops_per_second);
  field("copy_bytes_per_second", peaks.copy_bytes_per_second);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, OperatorTime>
static void describe(Visitor& field, T& time) {
  field("name", time.name);
  field("phase", time.phase);
  field("precision", time.precision);
  field("calls", time.calls);
  field("self_seconds", time.self_seconds);
  field("flops", time.flops);
  field("bytes", time.bytes);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, StepTrace>
static void describe(Visitor& field, T& trace) {
  field("step_seconds", trace.step_seconds);
  field("threads", trace.threads);
  field("peaks", trace.peaks);
  field("operators", trace.operators);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, CellTrace>
static void describe(Visitor& field, T& trace) {
  field("cell", trace.cell);
  field("file", trace.file);
  field("failure", trace.failure);
  field("step", trace.step);
}

template <typename T>
static void refuse_below(const char* key, T value, T low) {
  if (value < low) throw ProtocolPathError(std::string("/") + key, "is too small");
}

static void to_json(nlohmann::json& json, const OperatorTime& time) {
  write_fields(json, time);
}
static void from_json(const nlohmann::json& json, OperatorTime& time) {
  read_fields(json, time);
  refuse_below<int64_t>("calls", time.calls, 1);
  refuse_below<int64_t>("flops", time.flops, 0);
  refuse_below<int64_t>("bytes", time.bytes, 0);
  refuse_below<double>("self_seconds", time.self_seconds, 0);
}

void to_json(nlohmann::json& json, const MachinePeaks& peaks) {
  write_fields(json, peaks);
  if (peaks.fp16_flops_per_second) {
    at_key(kFp16Peak, [&] { write_value(json[kFp16Peak], peaks.fp16_flops_per_second); });
  }
}
static void from_json(const nlohmann::json& json, MachinePeaks& peaks) {
  StrictObject object(json);
  describe(object, peaks);
  peaks.fp16_flops_per_second.reset();
  if (json.contains(kFp16Peak)) object(kFp16Peak, peaks.fp16_flops_per_second);
  object.finish();
  refuse_below<double>("fp32_flops_per_second", peaks.fp32_flops_per_second, 1);
  refuse_below<double>("bf16_flops_per_second", peaks.bf16_flops_per_second.value_or(1), 1);
  refuse_below<double>(kFp16Peak, peaks.fp16_flops_per_second.value_or(1), 1);
  refuse_below<double>("copy_bytes_per_second", peaks.copy_bytes_per_second, 1);
}

void to_json(nlohmann::json& json, const StepTrace& trace) {
  write_fields(json, trace);
}
void from_json(const nlohmann::json& json, StepTrace& trace) {
  read_fields(json, trace);
  refuse_below<int64_t>("threads", trace.threads, 1);
  if (trace.step_seconds <= 0) throw ProtocolPathError("/step_seconds", "is too small");
}

void to_json(nlohmann::json& json, const CellTrace& trace) {
  write_fields(json, trace);
}
void from_json(const nlohmann::json& json, CellTrace& trace) {
  read_fields(json, trace);
  if (trace.step.has_value() != trace.failure.empty()) {
    throw ProtocolPathError("/failure", "must be set exactly where step is null");
  }
}

}  // namespace harness
