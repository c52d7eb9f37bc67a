#include "worker/check/check_cell.h"

#include <gtest/gtest.h>

#include "apps/catalog.h"
#include "apps/registry.h"
#include "tests/worker/every_flag_set.h"
#include "tests/worker/test_cells.h"

namespace worker {
namespace {

using model::EncoderLayer;
using Forward = std::function<at::Tensor(const EncoderLayer& inner, const at::Tensor& hidden,
                                         const model::SequenceLayout& layout,
                                         const model::DropoutSource& dropout, bool training)>;

/// A sound layer behind a forward that is not.
class DefectiveLayer : public EncoderLayer {
 public:
  DefectiveLayer(std::unique_ptr<EncoderLayer> inner, Forward forward)
      : inner_(std::move(inner)), forward_(std::move(forward)) {}

  at::Tensor forward(const at::Tensor& hidden, const model::SequenceLayout& layout,
                     const model::DropoutSource& dropout, bool training) const override {
    return forward_(*inner_, hidden, layout, dropout, training);
  }
  std::vector<model::Parameter> parameters() const override { return inner_->parameters(); }
  std::vector<model::WeightView> weights() const override { return inner_->weights(); }

 private:
  std::unique_ptr<EncoderLayer> inner_;
  Forward forward_;
};

at::Tensor sound(const EncoderLayer& inner, const at::Tensor& hidden,
                 const model::SequenceLayout& layout, const model::DropoutSource& dropout,
                 bool training) {
  return inner.forward(hidden, layout, dropout, training);
}

/// The registry with "defective" besides: the eager layer, made for a config that `spoil` changed,
/// behind `forward`.
model::Registry with_defect(const Forward& forward,
                            const std::function<void(model::BertConfig&)>& spoil = {}) {
  auto registry = apps::registry();
  const auto eager = *registry.find("pytorch_eager");
  auto defective = eager;
  defective.name = "defective";
  defective.make_layer = [=](model::BertConfig config, int64_t index,
                             const model::LayerFlags& flags, const at::TensorOptions& options) {
    if (spoil) spoil(config);
    return std::make_unique<DefectiveLayer>(eager.make_layer(config, index, flags, options),
                                            forward);
  };
  registry.implementations.push_back(defective);
  return registry;
}

harness::CheckResult check(const model::Registry& registry, const std::string& precision,
                           const std::string& implementation = "defective") {
  auto cell = small_cell(implementation);
  cell.precision = precision;
  return check_cell(cell, registry, "pytorch_eager");
}

void expect_incorrect(const model::Registry& registry, const std::string& precision) {
  const auto result = check(registry, precision);
  EXPECT_EQ(result.status, harness::Status::kIncorrect) << precision;
  EXPECT_FALSE(result.worst_tensor.empty());
  EXPECT_NE(result.reason.find(result.worst_tensor), std::string::npos);
  EXPECT_GT(result.worst_error, result.tolerance);
}

void expect_passed(harness::Cell cell) {
  for (const char* const gelu : {"erf", "tanh"}) {
    cell.model.gelu = gelu;
    const auto result = check_cell(cell, apps::registry(), "pytorch_eager");
    EXPECT_EQ(result.status, harness::Status::kPassed)
        << cell.implementation << " " << cell.flags_text() << " " << cell.precision << " "
        << cell.model.layer_norm << " " << gelu << ": " << result.reason;
    // Loss, logits and gradients, with dropout and without.
    EXPECT_EQ(result.tensors, 2 * (cell.model.layer_norm == "post" ? 41 : 43));
  }
}

TEST(CheckCell, every_implementation_passes_with_every_flag_set) {
  size_t sets = 0;
  for (const auto& implementation : apps::catalog().implementations) {
    for (const auto& flags : every_flag_set(implementation)) {
      ++sets;
      for (const char* const precision : {"fp32", "bf16"}) {
        for (const char* const layer_norm : {"post", "pre"}) {
          auto cell = small_cell(implementation.name);
          cell.flags = flags;
          cell.precision = precision;
          cell.model.layer_norm = layer_norm;
          expect_passed(cell);
        }
      }
    }
  }
  EXPECT_EQ(sets, 2 + 2 + 4 * (12 + 1));
}

TEST(CheckCell, a_sound_layer_behind_the_test_double_passes) {
  EXPECT_EQ(check(with_defect(sound), "fp32").reason, "");
  EXPECT_EQ(check(with_defect(sound), "bf16").reason, "");
}

TEST(CheckCell, the_other_gelu_is_incorrect) {
  expect_incorrect(
      with_defect(sound, [](model::BertConfig& config) { config.gelu = model::Gelu::kTanh; }),
      "fp32");
}

TEST(CheckCell, a_wrong_layer_norm_epsilon_is_incorrect) {
  expect_incorrect(
      with_defect(sound, [](model::BertConfig& config) { config.layer_norm_eps = 1e-2; }), "fp32");
}

TEST(CheckCell, a_defect_of_the_path_without_dropout_is_incorrect) {
  const auto registry = with_defect(sound, [](model::BertConfig& config) {
    if (config.attention_dropout == 0 && config.hidden_dropout == 0) config.layer_norm_eps = 0.5;
  });
  for (const char* const precision : {"fp32", "bf16"}) {
    expect_incorrect(registry, precision);
    EXPECT_TRUE(check(registry, precision).reason.starts_with("without dropout"));
  }
}

TEST(CheckCell, a_gradient_kept_from_the_step_before_is_incorrect) {
  const auto kept = std::make_shared<at::Tensor>();
  const auto registry = with_defect([kept](const EncoderLayer& inner, const at::Tensor& hidden,
                                           const auto& layout, const auto& dropout, bool training) {
    hidden.register_hook([kept, weight = inner.parameters().front().tensor](const at::Tensor&) {
      *kept = weight.grad();
    });
    const auto output = inner.forward(hidden, layout, dropout, training);
    return kept->defined() ? output + kept->sum() * 0 : output;
  });
  for (const char* const precision : {"fp32", "bf16"}) expect_incorrect(registry, precision);
}

TEST(CheckCell, a_bias_without_a_gradient_is_incorrect) {
  auto registry = apps::registry();
  auto defective = *registry.find("pytorch_eager");
  defective.name = "defective";
  defective.make_layer = [make = defective.make_layer](const auto& config, int64_t index,
                                                       const auto& flags, const auto& options) {
    auto layer = make(config, index, flags, options);
    for (const auto& parameter : layer->parameters()) {
      if (!parameter.name.ends_with("output.dense.bias")) continue;
      parameter.tensor.register_hook([](const at::Tensor& grad) { return at::zeros_like(grad); });
    }
    return layer;
  };
  registry.implementations.push_back(defective);
  for (const char* const precision : {"fp32", "bf16"}) {
    expect_incorrect(registry, precision);
    EXPECT_TRUE(check(registry, precision).worst_tensor.ends_with("output.dense.bias"));
  }
}

TEST(CheckCell, a_buffer_that_nobody_wrote_is_incorrect) {
  const auto registry = with_defect([](const EncoderLayer& inner, const at::Tensor& hidden,
                                       const auto& layout, const auto& dropout, bool training) {
    const auto output = inner.forward(hidden, layout, dropout, training);
    return output + at::empty_like(output).mul_(0);
  });
  for (const char* const precision : {"fp32", "bf16"}) expect_incorrect(registry, precision);
}

TEST(CheckCell, dropout_bits_kept_from_the_step_before_are_incorrect) {
  auto registry = apps::registry();
  const auto make = registry.make_keyed_dropout;
  const auto stale = with_defect([make](const EncoderLayer& inner, const at::Tensor& hidden,
                                        const auto& layout, const auto& dropout, bool training) {
    const auto first = make();
    first->begin_step(dropout.key(model::DropoutSite::kEmbedding, -1).seed, 0);
    return inner.forward(hidden, layout, *first, training);
  });
  for (const char* const precision : {"fp32", "bf16"}) expect_incorrect(stale, precision);
}

TEST(CheckCell, no_dropout_and_no_padding_mask_are_incorrect) {
  const auto dry = with_defect([](const EncoderLayer& inner, const at::Tensor& hidden,
                                  const auto& layout, const auto& dropout,
                                  bool) { return inner.forward(hidden, layout, dropout, false); });
  const auto unmasked =
      with_defect([](const EncoderLayer& inner, const at::Tensor& hidden,
                     model::SequenceLayout layout, const auto& dropout, bool training) {
        layout.additive_mask = at::zeros_like(layout.additive_mask);
        return inner.forward(hidden, layout, dropout, training);
      });
  for (const char* const precision : {"fp32", "bf16"}) {
    expect_incorrect(dry, precision);
    expect_incorrect(unmasked, precision);
  }
}

TEST(CheckCell, a_gradient_that_does_not_reach_the_embeddings_is_incorrect) {
  const auto registry = with_defect([](const EncoderLayer& inner, const at::Tensor& hidden,
                                       const auto& layout, const auto& dropout, bool training) {
    return inner.forward(hidden.detach(), layout, dropout, training);
  });
  expect_incorrect(registry, "fp32");
  expect_incorrect(registry, "bf16");
}

TEST(CheckCell, dropout_that_drops_nothing_is_mistrusted) {
  class NoDropout : public model::DropoutSource {
   public:
    at::Tensor apply(const at::Tensor& input, double, const model::DropoutKey&,
                     const model::SequenceLayout&) const override {
      return input;
    }
  };
  auto registry = apps::registry();
  registry.make_keyed_dropout = [] { return std::make_unique<NoDropout>(); };
  const auto result = check(registry, "fp32", "pytorch_eager");
  EXPECT_EQ(result.status, harness::Status::kMistrusted);
  EXPECT_NE(result.reason.find("dropout"), std::string::npos);
}

TEST(CheckCell, fp16_on_a_cpu_is_unsupported) {
  EXPECT_EQ(check(apps::registry(), "fp16", "fused").status, harness::Status::kUnsupported);
}

}  // namespace
}  // namespace worker
