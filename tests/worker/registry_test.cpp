#include "apps/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/catalog.h"
#include "harness/protocol/protocol_error.h"
#include "tests/worker/test_cells.h"
#include "worker/plan/plan_cell.h"

namespace worker {
namespace {

TEST(Registry, offers_what_the_catalog_names_in_its_order) {
  const auto registry = apps::registry();
  const auto& catalog = apps::catalog();
  ASSERT_EQ(registry.implementations.size(), catalog.implementations.size());
  for (size_t i = 0; i < catalog.implementations.size(); ++i) {
    EXPECT_EQ(registry.implementations[i].name, catalog.implementations[i].name);
  }
}

TEST(Registry, offers_the_optimizers_that_the_catalog_names_in_its_order) {
  std::vector<std::string> names;
  for (const auto& optimizer : apps::registry().optimizers) names.push_back(optimizer.name);
  EXPECT_EQ(names, apps::catalog().optimizers);
}

TEST(Registry, an_optimizer_that_it_lacks_is_refused_by_name) {
  auto cell = small_cell("fused");
  cell.optimizer = "sgd";
  EXPECT_THAT([&] { plan_cell(cell, apps::registry()); },
              testing::ThrowsMessage<harness::ProtocolError>(testing::HasSubstr("\"sgd\"")));
}

TEST(Registry, every_implementation_takes_its_flags_and_no_others) {
  const auto registry = apps::registry();
  const auto& catalog = apps::catalog();
  for (const auto& implementation : catalog.implementations) {
    for (const auto& flag : catalog.flags) {
      auto cell = small_cell(implementation.name);
      cell.flags = {flag.name};
      const bool listed = std::find(implementation.flags.begin(), implementation.flags.end(),
                                    flag.name) != implementation.flags.end();
      if (listed) {
        EXPECT_NO_THROW(plan_cell(cell, registry)) << implementation.name << " " << flag.name;
      } else {
        EXPECT_ANY_THROW(plan_cell(cell, registry)) << implementation.name << " " << flag.name;
      }
    }
  }
}

TEST(Registry, every_optimizer_of_the_catalog_is_there) {
  for (const auto& optimizer : apps::catalog().optimizers) {
    auto cell = small_cell("fused");
    cell.optimizer = optimizer;
    EXPECT_NO_THROW(plan_cell(cell, apps::registry())) << optimizer;
  }
}

}  // namespace
}  // namespace worker
