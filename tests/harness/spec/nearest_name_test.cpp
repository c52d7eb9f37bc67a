#include "harness/spec/nearest_name.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(NearestName, suggests_the_closest_of_several) {
  EXPECT_EQ(suggest("roun", {"steps", "rounds", "round"}), "did you mean 'round'?");
  EXPECT_EQ(suggest("roundss", {"steps", "rounds", "round"}), "did you mean 'rounds'?");
}

TEST(NearestName, lists_what_is_known_where_nothing_is_close) {
  EXPECT_EQ(suggest("zebra", {"steps", "rounds"}), "known are steps, rounds");
  EXPECT_EQ(suggest(std::string(1000, 'a'), {"steps"}), "known are steps");
}

}  // namespace
}  // namespace harness
