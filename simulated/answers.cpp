#include "simulated/answers.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "harness/protocol/plan.h"
#include "harness/protocol/record.h"
#include "simulated/cost.h"
#include "simulated/fault.h"
#include "simulated/measure.h"

namespace simulated {
namespace {

std::string check(const harness::Cell& cell) {
  footprint(cell);  // refuses a cell of another device, as the other requests do
  harness::CheckResult result;
  result.worst_tensor = "loss";
  result.tolerance = 1e-5;
  result.tensors = 1;
  if (fails_check(cell)) {
    result.status = harness::Status::kIncorrect;
    result.reason = "simulated: the loss is wrong";
    result.worst_error = 1;
  }
  return nlohmann::json(result).dump();
}

std::string plan(const std::vector<harness::Cell>& cells) {
  harness::PlanReply reply;
  reply.device.kind = harness::kSimulatedKind;
  for (const auto& cell : cells) reply.plans.push_back({footprint(cell), ""});
  return nlohmann::json(reply).dump();
}

std::string trace(const serve::TraceRequest& /*request*/) {
  throw std::runtime_error("a simulated device runs no operators that could be traced");
}

}  // namespace

serve::Answers answers() {
  return {.measure = measure, .check = check, .trace = trace, .reference = {}, .plan = plan};
}

}  // namespace simulated
