#include "harness/protocol/catalog.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

Catalog catalog() {
  Catalog result;
  result.flags = {{"plain", true, Recompute::kNothing, {}, ""},
                  {"packed", false, Recompute::kNothing, {}, "", "without padding"},
                  {"short", false, Recompute::kNothing, {}, "", "half of the steps"}};
  return result;
}

TEST(Catalog, names_the_work_of_the_flags_that_change_it) {
  EXPECT_EQ(catalog().work_of({}), "");
  EXPECT_EQ(catalog().work_of({"plain"}), "");
  EXPECT_EQ(catalog().work_of({"plain", "packed"}), "without padding");
  EXPECT_EQ(catalog().work_of({"packed", "short"}), "without padding, half of the steps");
}

}  // namespace
}  // namespace harness
