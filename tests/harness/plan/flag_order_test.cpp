#include "harness/plan/flag_order.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/flag_sets.h"
#include "harness/spec/presets.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;

Cell bert_large(std::vector<std::string> flags, int64_t sequence_length = 384) {
  Cell cell;
  cell.implementation = "fused";
  cell.micro_batch = 2;
  cell.sequence_length = sequence_length;
  cell.model = preset_shape("bert-large");
  cell.flags = std::move(flags);
  return cell;
}

TEST(FlagOrder, counts_the_elements_that_each_flag_recomputes) {
  const Catalog catalog = sample_catalog();
  EXPECT_EQ(recompute_cost(catalog, bert_large({})), (RecomputeCost{false, 0, 0}));
  EXPECT_EQ(recompute_cost(catalog, bert_large({"normalize_invertible"})),
            (RecomputeCost{false, 0, 1}));
  EXPECT_EQ(recompute_cost(catalog, bert_large({"gelu_checkpoint"})),
            (RecomputeCost{false, 2 * 384 * 4096, 1}));
  EXPECT_EQ(recompute_cost(catalog, bert_large({"attn_dropout_checkpoint"})),
            (RecomputeCost{false, 2 * 16 * 384 * 384, 1}));
  EXPECT_EQ(recompute_cost(catalog, bert_large({"activation_checkpoint"})),
            (RecomputeCost{true, 0, 1}));
}

TEST(FlagOrder, sorts_every_set_of_bert_large_from_cheap_to_dear) {
  const Catalog catalog = sample_catalog();
  std::vector<Cell> cells;
  for (const FlagSet& set : memory_flag_sets(catalog, *catalog.find_implementation("fused"))) {
    cells.push_back(bert_large(set));
  }
  std::stable_sort(cells.begin(), cells.end(), cheaper_flags(catalog));
  std::vector<std::string> order;
  for (const Cell& cell : cells) {
    order.push_back(cell.flags_text());
  }
  // At sequence 384, I = 4096 elements a token are fewer than A * S = 6144.
  EXPECT_THAT(order, ElementsAre("none", "normalize_invertible", "gelu_checkpoint",
                                 "normalize_invertible+gelu_checkpoint", "attn_dropout_checkpoint",
                                 "normalize_invertible+attn_dropout_checkpoint",
                                 "gelu_checkpoint+attn_dropout_checkpoint",
                                 "normalize_invertible+gelu_checkpoint+attn_dropout_checkpoint",
                                 "activation_checkpoint"));
}

TEST(FlagOrder, the_order_depends_on_the_shape) {
  const auto cheaper = cheaper_flags(sample_catalog());
  EXPECT_TRUE(cheaper(bert_large({"gelu_checkpoint"}), bert_large({"attn_dropout_checkpoint"})));
  EXPECT_TRUE(
      cheaper(bert_large({"attn_dropout_checkpoint"}, 128), bert_large({"gelu_checkpoint"}, 128)));
}

TEST(FlagOrder, counts_attention_twice_where_a_flag_recomputes_it_twice) {
  Catalog catalog = sample_catalog();
  catalog.flags.push_back({"flash_attention", true, Recompute::kAttentionTwice, {}, ""});
  EXPECT_EQ(recompute_cost(catalog, bert_large({"flash_attention"})).elements,
            2 * recompute_cost(catalog, bert_large({"attn_dropout_checkpoint"})).elements);
}

}  // namespace
}  // namespace harness
