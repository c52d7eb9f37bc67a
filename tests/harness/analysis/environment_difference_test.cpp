#include "harness/analysis/environment_difference.h"

#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

std::vector<Record> run_on(const std::vector<nlohmann::json>& environments) {
  std::vector<Record> records;
  for (const auto& environment : environments) {
    records.push_back(make_passed(make_cell("fused", 8), static_cast<int64_t>(records.size()), 1));
    records.back().environment = environment;
  }
  return records;
}

const nlohmann::json kHere = {
    {"cpu", "EPYC"}, {"threads", 2}, {"libtorch", "2.11.0"}, {"load_average", 0.5}};

nlohmann::json here_but(const char* key, const nlohmann::json& value) {
  nlohmann::json environment = kHere;
  environment[key] = value;
  return environment;
}

TEST(EnvironmentDifference, there_is_none_on_the_same_machine_whatever_its_load) {
  EXPECT_TRUE(
      environment_differences(run_on({kHere}), run_on({here_but("load_average", 9)})).empty());
  EXPECT_TRUE(environment_differences(run_on({kHere, kHere}), run_on({kHere})).empty());
}

TEST(EnvironmentDifference, names_machine_threads_and_library) {
  const struct {
    const char* key;
    nlohmann::json value;
    const char *what, *before, *after;
  } cases[] = {{"cpu", "Xeon", "processor", "EPYC", "Xeon"},
               {"threads", 4, "threads", "2", "4"},
               {"libtorch", "2.12.0", "LibTorch", "2.11.0", "2.12.0"},
               {"processors", 8, "number of processors", "not recorded", "8"},
               {"gpu", {{"name", "NVIDIA H200"}}, "GPU", "not recorded", "NVIDIA H200"}};
  for (const auto& expected : cases) {
    const auto differences =
        environment_differences(run_on({kHere}), run_on({here_but(expected.key, expected.value)}));
    ASSERT_EQ(differences.size(), 1U) << expected.key;
    EXPECT_EQ(differences[0].what, expected.what);
    EXPECT_EQ(differences[0].before, expected.before);
    EXPECT_EQ(differences[0].after, expected.after);
  }
}

TEST(EnvironmentDifference, a_run_on_several_machines_shows_all_of_them) {
  const auto differences =
      environment_differences(run_on({kHere, here_but("cpu", "Xeon")}), run_on({kHere}));
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].before, "EPYC and Xeon");
}

TEST(EnvironmentDifference, a_run_that_no_worker_measured_differs_in_nothing) {
  EXPECT_TRUE(environment_differences(run_on({nlohmann::json::object()}), run_on({kHere})).empty());
  EXPECT_TRUE(environment_differences({}, run_on({kHere})).empty());
}

}  // namespace
}  // namespace harness
