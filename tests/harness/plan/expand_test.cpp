#include "harness/plan/expand.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/axes_spec.h"
#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;

class Expand : public SpecFiles {
 protected:
  std::vector<Cell> cells(const nlohmann::ordered_json& document) const {
    return expand(read(document), sample_catalog());
  }
};

TEST_F(Expand, gives_the_golden_cells_of_the_design_example) {
  const auto got = cells(v100_document());
  ASSERT_EQ(got.size(), 65U);
  Cell golden;
  golden.implementation = "pytorch_eager";
  golden.micro_batch = 4;
  golden.precision = "fp16";
  golden.model = {"bert-large", 24, 1024, 16, 4096, 30522, 512, 2, 1e-12, "post", "erf", 0.1, 0.1};
  golden.device = {"cuda", 32 * kGiB, kGiB};
  golden.data = {"windows", (folder_ / "windows.safetensors").string()};
  golden.global_batch = 24;
  EXPECT_EQ(got[0], golden);
  golden.flags = {"activation_checkpoint"};
  EXPECT_EQ(got[1], golden);
  golden.implementation = "fused";
  golden.micro_batch = 32;
  golden.flags = {"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint"};
  EXPECT_EQ(got[64], golden);
  EXPECT_EQ(got[64].accumulation_steps(), 1);
}

TEST_F(Expand, puts_cells_that_are_compared_next_to_each_other) {
  std::vector<std::string> order;
  auto document = smallest_document();
  document["axes"]["micro_batch"] = {8, 4};
  document["axes"]["precision"] = {"fp32", "bf16"};
  for (const Cell& cell : cells(document)) {
    order.push_back(cell.precision + " " + std::to_string(cell.micro_batch) + " " +
                    cell.implementation);
  }
  EXPECT_THAT(order, ElementsAre("fp32 8 pytorch_eager", "fp32 8 fused", "fp32 4 pytorch_eager",
                                 "fp32 4 fused", "bf16 8 pytorch_eager", "bf16 8 fused",
                                 "bf16 4 pytorch_eager", "bf16 4 fused"));
}

TEST_F(Expand, optimizers_are_compared_too) {
  auto catalog = sample_catalog();
  catalog.optimizers.push_back("other");
  SweepSpec spec = read(smallest_document());
  spec.micro_batches = {8, 4};
  spec.optimizers = {"adamw", "other"};
  std::vector<std::string> order;
  for (const Cell& cell : expand(spec, catalog)) {
    order.push_back(std::to_string(cell.micro_batch) + " " + cell.optimizer + " " +
                    cell.implementation);
  }
  EXPECT_THAT(order, ElementsAre("8 adamw pytorch_eager", "8 adamw fused", "8 other pytorch_eager",
                                 "8 other fused", "4 adamw pytorch_eager", "4 adamw fused",
                                 "4 other pytorch_eager", "4 other fused"));
}

TEST_F(Expand, a_set_gives_no_cell_where_the_implementation_lacks_a_flag) {
  auto document = smallest_document();
  document["axes"]["flags"] = nlohmann::ordered_json::parse(R"([["gelu_checkpoint"]])");
  const auto got = cells(document);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].implementation, "fused");
}

TEST_F(Expand, without_a_global_batch_every_cell_is_one_step) {
  auto document = smallest_document();
  document["axes"]["micro_batch"] = {4, 8};
  for (const Cell& cell : cells(document)) {
    EXPECT_EQ(cell.global_batch, cell.micro_batch);
  }
}

TEST_F(Expand, gives_every_cell_once_and_as_many_as_counted) {
  auto document = v100_document();
  document["axes"]["flags"] = "all";
  document["axes"]["layers"] = {1, 2};
  document["axes"]["sequence_length"] = {128, 384};
  const auto got = cells(document);
  EXPECT_EQ(static_cast<int64_t>(got.size()), count_candidates(read(document), sample_catalog()));
  std::set<std::string> keys;
  for (const Cell& cell : got) {
    keys.insert(cell_key(cell));
  }
  EXPECT_EQ(keys.size(), got.size());
}

}  // namespace
}  // namespace harness
