// The sweeps in the tree, and the schema beside them, with the program's own catalog.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/catalog.h"
#include "harness/spec/presets.h"
#include "harness/spec/sweep_spec.h"

namespace harness {
namespace {

const std::filesystem::path kRoot = BENCH_SOURCE_DIR;

TEST(SweepFiles, every_sweep_in_the_tree_reads_and_is_named_as_its_file) {
  int sweeps = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "sweeps")) {
    if (entry.path().extension() == ".json") {
      ++sweeps;
      EXPECT_EQ(read_spec(entry.path(), apps::catalog()).name, entry.path().stem().string());
    }
  }
  EXPECT_GT(sweeps, 0);
}

template <typename Entries>
std::vector<std::string> names(const Entries& entries) {
  std::vector<std::string> all;
  for (const auto& entry : entries) {
    all.push_back(entry.name);
  }
  return all;
}

TEST(SweepFiles, the_schema_knows_the_names_that_the_program_knows) {
  std::ifstream file(kRoot / "docs" / "sweep.schema.json");
  const auto schema = nlohmann::json::parse(file);
  const auto& known = schema["definitions"];
  EXPECT_EQ(known["implementation"]["enum"], names(apps::catalog().implementations));
  EXPECT_EQ(known["flag"]["enum"], names(apps::catalog().flags));
  EXPECT_EQ(known["preset"]["enum"], preset_names());
  EXPECT_EQ(schema["properties"]["device"]["properties"]["kind"]["enum"], kDeviceKinds);
  EXPECT_EQ(known["simulated_garbage"]["enum"], nlohmann::json(kGarbageForms));
  EXPECT_EQ(schema["properties"]["axes"]["properties"]["optimizer"]["items"]["enum"],
            apps::catalog().optimizers);
}

}  // namespace
}  // namespace harness
