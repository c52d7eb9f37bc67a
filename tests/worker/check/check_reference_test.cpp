#include "worker/check/check_reference.h"

#include <cstring>
#include <filesystem>
#include <map>
#include <string>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "checkpoint/safetensors.h"
#include "harness/protocol/protocol_error.h"
#include "model/bert_for_squad.h"
#include "model/stored_tensor.h"
#include "tests/worker/test_cells.h"
#include "worker/cell_model.h"

namespace worker {
namespace {

/// What a reader of the reply and the file has.
struct Reference {
  harness::CheckReference reply;
  std::map<std::string, at::Tensor> tensors;
};

std::filesystem::path reference_file() {
  return std::filesystem::path(testing::TempDir()) /
         ("check_reference_" + std::to_string(::getpid()) + ".safetensors");
}

Reference written(const harness::Cell& cell) {
  Reference reference;
  reference.reply = write_reference({cell, reference_file()}, apps::registry(), "pytorch_eager");
  const checkpoint::SafetensorsFile file(reference_file());
  for (const auto& tensor : file.header().tensors) {
    const auto type = tensor.dtype == checkpoint::Dtype::kI64 ? at::kLong : at::kDouble;
    EXPECT_EQ(tensor.dtype, model::stored_dtype(type)) << tensor.name;
    const auto values = at::empty(tensor.shape, type);
    model::copy_stored(file.bytes(tensor), values);
    reference.tensors[tensor.name] = values;
  }
  return reference;
}

/// The loss as docs/worker_protocol.md has it, from the file alone.
at::Tensor loss_of(const at::Tensor& logits, const Reference& reference) {
  const auto mask = reference.tensors.at("attention_mask");
  const auto scores = logits + (mask.eq(0).to(at::kDouble) * -1e4).unsqueeze(-1);
  at::Tensor loss = (logits.masked_select(mask.eq(1).unsqueeze(-1)).view({-1, 2}) *
                     reference.tensors.at("logit_weights"))
                        .sum();
  for (const auto& [name, column] : {std::pair("start_positions", 0), {"end_positions", 1}}) {
    const auto targets = reference.tensors.at(name);
    loss = loss + at::cross_entropy_loss(scores.select(-1, column), targets, {}, at::Reduction::Sum,
                                         -100) /
                      (2.0 * targets.ge(0).sum().item<double>());
  }
  return loss;
}

/// The model of the reply with the weights of the file, in fp64, of another implementation than the
/// one that computed the reference.
model::BertForSquad model_of(const Reference& reference) {
  static const auto registry = apps::registry();
  model::BertOptions options;
  options.tensors = at::TensorOptions(at::kDouble);
  model::BertForSquad bert(bert_config(reference.reply.model), *registry.find("pytorch_tuned"),
                           options);
  const at::NoGradGuard no_grad;
  for (const auto& weight : bert.weights()) {
    weight.value().copy_(reference.tensors.at("weight/" + weight.name));
  }
  return bert;
}

model::Batch batch_of(const Reference& reference) {
  std::vector<model::Window> windows;
  const auto& ids = reference.tensors.at("input_ids");
  for (int64_t i = 0; i < ids.size(0); ++i) {
    const auto length = reference.tensors.at("attention_mask").select(0, i).sum().item<int64_t>();
    const auto row = [&](const char* name) {
      const auto values = reference.tensors.at(name).select(0, i).narrow(0, 0, length).contiguous();
      const auto* const begin = values.const_data_ptr<int64_t>();
      return std::vector<int64_t>(begin, begin + length);
    };
    windows.push_back({row("input_ids"), row("token_type_ids")});
  }
  return model::make_batch(windows, ids.size(1), 0, at::TensorOptions(at::kDouble));
}

TEST(CheckReference, is_all_that_another_program_needs_to_come_to_the_same) {
  for (const char* const layer_norm : {"post", "pre"}) {
    auto cell = small_cell("pytorch_tuned");
    cell.model.layer_norm = layer_norm;
    const auto reference = written(cell);
    const auto bert = model_of(reference);
    const auto dropout = apps::registry().make_keyed_dropout();
    dropout->begin_step(1, 0);
    const auto logits = bert.forward(batch_of(reference), *dropout, /*training=*/true);
    const auto loss = loss_of(logits, reference);
    loss.backward();
    EXPECT_NEAR(loss.item<double>(), reference.tensors.at("loss").item<double>(), 1e-12);
    for (const auto& weight : bert.weights()) {
      const auto expected = reference.tensors.at("gradient/" + weight.name);
      EXPECT_TRUE(at::allclose(weight.gradient(), expected, 1e-9, 1e-12)) << weight.name;
    }
    EXPECT_EQ(reference.reply.tensors.size(), bert.weights().size() + 2);
  }
}

TEST(CheckReference, says_what_must_agree_how_well) {
  std::map<std::string, harness::ReferenceTensor> fp32;
  auto cell = small_cell("fused");
  for (const auto& tensor : written(cell).reply.tensors) fp32[tensor.name] = tensor;
  const std::string self = "bert.encoder.layer.0.attention.self.";
  EXPECT_EQ(fp32.at(self + "key.bias").relative_to, self + "query.bias");
  EXPECT_EQ(fp32.at(self + "key.weight").relative_to, self + "key.weight");
  cell.precision = "bf16";
  for (const auto& tensor : written(cell).reply.tensors) {
    EXPECT_GT(tensor.tolerance, 100 * fp32.at(tensor.name).tolerance) << tensor.name;
  }
}

TEST(CheckReference, weights_are_rounded_to_the_precision) {
  auto cell = small_cell("fused");
  for (const auto& [precision, type] : {std::pair("fp32", at::kFloat), {"bf16", at::kBFloat16}}) {
    cell.precision = precision;
    for (const auto& [name, value] : written(cell).tensors) {
      if (!name.starts_with("weight/")) continue;
      EXPECT_TRUE(at::equal(value, value.to(type).to(at::kDouble))) << precision << " " << name;
    }
  }
}

TEST(CheckReference, what_it_cannot_give_is_refused) {
  auto cell = small_cell("fused");
  cell.precision = "fp16";
  EXPECT_THROW(write_reference({cell, reference_file()}, apps::registry(), "pytorch_eager"),
               std::runtime_error);
  cell.precision = "fp32";
  EXPECT_THROW(write_reference({cell, reference_file()}, apps::registry(), "magic"),
               harness::ProtocolError);
  EXPECT_THROW(
      write_reference({cell, "/nowhere/reference.safetensors"}, apps::registry(), "pytorch_eager"),
      checkpoint::SafetensorsError);
}

}  // namespace
}  // namespace worker
