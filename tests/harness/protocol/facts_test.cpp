#include "harness/protocol/facts.h"

#include <gtest/gtest.h>

#include "harness/protocol/protocol_error.h"

namespace harness {
namespace {

TEST(Facts, that_are_equal_do_not_differ) {
  EXPECT_EQ(differences({{"kernel", "6.1"}}, {{"kernel", "6.1"}}), "");
  EXPECT_EQ(differences({}, {}), "");
}

TEST(Facts, that_differ_are_named_with_what_they_are_and_were) {
  EXPECT_EQ(differences({{"a", "1"}, {"gone", "x"}, {"same", "s"}},
                        {{"a", "2"}, {"new", "y"}, {"same", "s"}}),
            "a: 2, was 1; gone: none, was x; new: y, was none");
}

TEST(Facts, are_read_from_an_object_of_texts) {
  EXPECT_EQ(parse_facts({{"kernel", "6.1"}}), Facts({{"kernel", "6.1"}}));
  EXPECT_THROW(parse_facts({{"kernel", 6}}), ProtocolError);
  EXPECT_THROW(parse_facts(nlohmann::json::array()), ProtocolError);
}

}  // namespace
}  // namespace harness
