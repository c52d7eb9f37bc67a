#include "harness/protocol/plan.h"

#include <concepts>

#include "harness/protocol/strict_object.h"

namespace harness {

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, Plan>
static void describe(Visitor& field, T& plan) {
  field("footprint", plan.footprint);
  field("unsupported_reason", plan.unsupported_reason);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, DeviceStatus>
static void describe(Visitor& field, T& status) {
  field("kind", status.kind);
  field("available", status.available);
  field("reason", status.reason);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, PlanReply>
static void describe(Visitor& field, T& reply) {
  field("device", reply.device);
  field("plans", reply.plans);
  field("data_error", reply.data_error);
}

std::string DeviceStatus::name() const {
  return kind == "cuda" ? "CUDA" : kind;
}

void to_json(nlohmann::json& json, const Plan& plan) {
  write_fields(json, plan);
}

void from_json(const nlohmann::json& json, Plan& plan) {
  read_fields(json, plan);
  if (plan.footprint && !plan.unsupported_reason.empty()) {
    throw ProtocolPathError("/unsupported_reason", "must be empty where there is a footprint");
  }
}

void to_json(nlohmann::json& json, const DeviceStatus& status) {
  write_fields(json, status);
}

void from_json(const nlohmann::json& json, DeviceStatus& status) {
  read_fields(json, status);
  if (!status.available && status.reason.empty()) {
    throw ProtocolPathError("/reason", "must say why the device is not available");
  }
}

void to_json(nlohmann::json& json, const PlanReply& reply) {
  write_fields(json, reply);
}
void from_json(const nlohmann::json& json, PlanReply& reply) {
  read_fields(json, reply);
  if (reply.data_error.find('\n') != std::string::npos) {
    throw ProtocolPathError("/data_error", "must be one line");
  }
}

}  // namespace harness
