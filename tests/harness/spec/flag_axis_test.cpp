#include "harness/spec/flag_axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class FlagAxisTest : public SpecFiles {
 protected:
  FlagAxis flags(const std::string& value) const {
    auto document = smallest_document();
    document["axes"]["flags"] = nlohmann::ordered_json::parse(value);
    return read(document).flags;
  }
  std::string error(const std::string& value) const { return error_with("/axes/flags", value); }
};

TEST_F(FlagAxisTest, reads_every_form) {
  EXPECT_EQ(flags(R"("all")").kind, FlagAxis::Kind::kAll);
  EXPECT_EQ(flags(R"("cheapest")").kind, FlagAxis::Kind::kCheapest);
  const FlagAxis sets = flags(R"([[], ["gelu_checkpoint", "normalize_invertible"]])");
  EXPECT_EQ(sets.kind, FlagAxis::Kind::kSets);
  EXPECT_THAT(sets.sets,
              ElementsAre(FlagSet{}, FlagSet{"normalize_invertible", "gelu_checkpoint"}));
  const FlagAxis added = flags(R"({"sets": "all", "add": ["stochastic_mode"]})");
  EXPECT_EQ(added.kind, FlagAxis::Kind::kAll);
  EXPECT_THAT(added.add, ElementsAre("stochastic_mode"));
}

TEST_F(FlagAxisTest, refuses_what_is_unknown_or_repeated) {
  EXPECT_EQ(error(R"([["gelu_chekpoint"]])"),
            " /axes/flags/0/0: unknown flag \"gelu_chekpoint\"; did you mean 'gelu_checkpoint'?");
  EXPECT_THAT(error(R"("al")"), StartsWith(" /axes/flags: unknown choice of flags \"al\""));
  EXPECT_THAT(error(R"([["gelu_checkpoint", "gelu_checkpoint"]])"),
              StartsWith(" /axes/flags/0/1: \"gelu_checkpoint\" is given twice"));
  EXPECT_THAT(error(R"([["gelu_checkpoint", "normalize_invertible"],
                        ["normalize_invertible", "gelu_checkpoint"]])"),
              StartsWith(" /axes/flags/1: "));
  EXPECT_THAT(error(R"(["gelu_checkpoint"])"), StartsWith(" /axes/flags/0: expected an array"));
}

TEST_F(FlagAxisTest, refuses_combinations_with_the_reason) {
  EXPECT_THAT(error(R"([["activation_checkpoint", "gelu_checkpoint"]])"),
              HasSubstr("'gelu_checkpoint' and 'activation_checkpoint' cannot be combined: the "
                        "whole layer is recomputed; drop one of them"));
}

TEST_F(FlagAxisTest, refuses_a_set_that_no_implementation_supports) {
  auto document = smallest_document();
  document["axes"]["implementation"] = {"pytorch_eager"};
  document["axes"]["flags"] = nlohmann::ordered_json::parse(R"([[], ["gelu_checkpoint"]])");
  EXPECT_THAT(error_of(document),
              StartsWith(" /axes/flags/1: no implementation of this sweep supports"));
}

TEST_F(FlagAxisTest, adds_only_flags_that_the_sets_lack) {
  EXPECT_THAT(error(R"({"sets": "all", "add": ["gelu_checkpoint"]})"),
              StartsWith(" /axes/flags/add/0: \"gelu_checkpoint\" is a memory flag"));
  EXPECT_THAT(error(R"({"sets": [[]], "add": ["stochastic_mode"]})"),
              StartsWith(" /axes/flags/add: 'add' goes with"));
  EXPECT_THAT(error(R"({"sets": "all", "add": []})"), StartsWith(" /axes/flags/add: the array"));
  EXPECT_THAT(error(R"({"add": ["stochastic_mode"]})"), StartsWith(" /axes/flags/sets: the key"));
}

TEST(FlagSets, all_is_every_valid_subset_fewest_flags_first) {
  const Catalog catalog = sample_catalog();
  const auto sets =
      flag_sets(catalog, *catalog.find_implementation("fused"), {FlagAxis::Kind::kAll, {}, {}});
  ASSERT_EQ(sets.size(), 9U);
  EXPECT_EQ(sets[0], FlagSet{});
  EXPECT_EQ(sets[4], FlagSet{"activation_checkpoint"});
  EXPECT_EQ(sets[8],
            (FlagSet{"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint"}));
}

TEST(FlagSets, added_flags_go_where_they_are_supported) {
  const Catalog catalog = sample_catalog();
  const FlagAxis axis{FlagAxis::Kind::kAll, {}, {"stochastic_mode"}};
  EXPECT_THAT(flag_sets(catalog, *catalog.find_implementation("pytorch_eager"), axis),
              ElementsAre(FlagSet{}, FlagSet{"activation_checkpoint"}));
  const auto fused = flag_sets(catalog, *catalog.find_implementation("fused"), axis);
  ASSERT_EQ(fused.size(), 9U);
  EXPECT_EQ(fused[1], (FlagSet{"normalize_invertible", "stochastic_mode"}));
}

TEST(FlagSets, a_listed_set_is_left_out_where_a_flag_is_not_supported) {
  const Catalog catalog = sample_catalog();
  const FlagAxis axis{FlagAxis::Kind::kSets, {{}, {"gelu_checkpoint"}}, {}};
  EXPECT_THAT(flag_sets(catalog, *catalog.find_implementation("pytorch_eager"), axis),
              ElementsAre(FlagSet{}));
}

}  // namespace
}  // namespace harness
