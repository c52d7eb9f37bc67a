#include "apps/registry.h"

#include <gtest/gtest.h>

#include "apps/catalog.h"
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
