#include "harness/protocol/simulated_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/protocol/protocol_error.h"
#include "tests/simulated/simulated_cells.h"

namespace harness {
namespace {

using testing::StartsWith;

Cell full_cell() {
  auto cell = simulated::make_cell();
  auto& device = cell.device.simulated.value();
  device.noise = {0.1, 0.2};
  device.drift_percent = 3;
  device.stream = 18446744073709551615ULL;
  SimulatedFault fault;
  fault.kind = "garbage";
  fault.probability = 0.1;
  fault.when = {{"implementation", "fused"}, {"flags", "none"}};
  fault.round = 2;
  fault.above_bytes = 7;
  fault.form = "flood";
  device.faults = {fault};
  return cell;
}

std::string error_in_device(const std::string& pointer, const nlohmann::json& value) {
  nlohmann::json document = full_cell();
  document["device"]["simulated"][nlohmann::json::json_pointer(pointer)] = value;
  try {
    document.get<Cell>();
  } catch (const ProtocolError& error) {
    return error.what();
  }
  return "";
}

TEST(SimulatedDevice, survives_json_text) {
  const auto cell = full_cell();
  EXPECT_EQ(nlohmann::json::parse(nlohmann::json(cell).dump()).get<Cell>(), cell);
}

TEST(SimulatedDevice, stands_in_cells_of_its_kind_alone) {
  auto cell = full_cell();
  EXPECT_FALSE(nlohmann::json(stubs::make_cell()).at("device").contains("simulated"));
  cell.device.kind = "cpu";
  EXPECT_THROW(nlohmann::json(cell).get<Cell>(), ProtocolError);
  cell.device.kind = kSimulatedKind;
  cell.device.simulated.reset();
  EXPECT_THROW(nlohmann::json(cell).get<Cell>(), ProtocolError);
}

TEST(SimulatedDevice, refuses_numbers_and_names_that_no_sweep_file_gives) {
  EXPECT_THAT(error_in_device("/implementations/fused/base_s", -1),
              StartsWith("/device/simulated/implementations/fused/base_s: -1 is not from"));
  EXPECT_THAT(error_in_device("/implementations/fused/sequence_bytes", -1),
              StartsWith("/device/simulated/implementations/fused/sequence_bytes: -1 is not"));
  EXPECT_THAT(error_in_device("/flags/gelu_checkpoint/frees_percent", 101),
              StartsWith("/device/simulated/flags/gelu_checkpoint/frees_percent: 101"));
  EXPECT_THAT(error_in_device("/noise/step", 3),
              StartsWith("/device/simulated/noise/step: 3 is not"));
  EXPECT_THAT(error_in_device("/drift_percent", -100),
              StartsWith("/device/simulated/drift_percent"));
  EXPECT_THAT(
      error_in_device("/faults/0/kind", "hiccup"),
      StartsWith("/device/simulated/faults/0/kind: unknown name 'hiccup'; known are out_of"));
  EXPECT_THAT(error_in_device("/faults/0/phase", "lunch"),
              StartsWith("/device/simulated/faults/0/phase"));
  EXPECT_THAT(error_in_device("/faults/0/form", "x"),
              StartsWith("/device/simulated/faults/0/form"));
  EXPECT_THAT(error_in_device("/faults/0/probability", 2),
              StartsWith("/device/simulated/faults/0/prob"));
  EXPECT_THAT(error_in_device("/faults/0/round", -1),
              StartsWith("/device/simulated/faults/0/round"));
}

}  // namespace
}  // namespace harness
