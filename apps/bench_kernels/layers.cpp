#include "apps/bench_kernels/layers.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include "apps/bench_kernels/agreement.h"
#include "apps/bench_kernels/layer_flops.h"
#include "apps/bench_kernels/layer_run.h"
#include "apps/bench_kernels/window_lengths.h"
#include "apps/registry.h"

namespace apps {
namespace {

using model::RowLayout;

/// Of one layer's outputs and gradients, both sides with the same dropped elements. float: a chain
/// of some ten operators and back, in other orders. bfloat16: each of them rounds what the next one
/// reads, while the reference rounds nothing.
constexpr Agreement kLayer = {{4e-6, 5e-6}, {2e-2, 2e-2}};

constexpr const char* kReference = "pytorch_eager";
constexpr const char* kFused = "fused";

struct Variant {
  const char* line;
  const char* implementation;
  model::LayerFlags flags = {};
  RowLayout row_layout = RowLayout::kPadded;
};

constexpr model::LayerFlags kFlash = {.flash_attention = true};
constexpr Variant kPadded[] = {{"fused", kFused},
                               {"fused+flash_attention", kFused, kFlash},
                               {"pytorch_eager", "pytorch_eager"},
                               {"pytorch_tuned", "pytorch_tuned"}};
constexpr Variant kPacked[] = {
    {"fused+remove_padding", kFused, {}, RowLayout::kPacked},
    {"fused+flash_attention+remove_padding", kFused, kFlash, RowLayout::kPacked}};

const model::Implementation& implementation(const model::Registry& registry, const char* name) {
  const model::Implementation* const found = registry.find(name);
  if (found == nullptr) {
    throw std::logic_error(std::string("bench_kernels: no implementation \"") + name + "\"");
  }
  return *found;
}

std::vector<int64_t> longest(const Setting& setting) {
  return std::vector<int64_t>(static_cast<size_t>(setting.batch), setting.sequence);
}

/// The variants of one case.
class Layers {
 public:
  Layers(std::string case_name, const Setting& setting, std::vector<int64_t> lengths)
      : case_name_(std::move(case_name)), setting_(setting), lengths_(std::move(lengths)) {}

  Works works(const std::vector<Variant>& variants) const {
    const Tensors expected = reference();
    Works works;
    for (const Variant& variant : variants) {
      const model::Implementation& how = implementation(registry_, variant.implementation);
      const auto run =
          std::make_shared<LayerRun>(LayerInputs{setting_, lengths_, variant.row_layout}, how,
                                     variant.flags, how.make_dropout(/*cuda_path=*/false));
      if (how.name == kFused) check(variant, *run, expected);
      works[variant.line] = {[run] { run->run(); }, flops(variant)};
    }
    return works;
  }

 private:
  /// With the bits that fused layers drop by.
  Tensors reference() const {
    Setting in_float = setting_;
    in_float.dtype = at::kFloat;
    LayerRun run({in_float, lengths_}, implementation(registry_, kReference), {},
                 registry_.make_keyed_dropout());
    run.run();
    return run.results();
  }

  void check(const Variant& variant, LayerRun& run, const Tensors& expected) const {
    run.run();
    require_agreement(case_name_ + "/" + variant.line, run.results(), expected,
                      kLayer.of(setting_.dtype, setting_.device));
  }

  /// Padding is work where it is not left out: of rows by packing, of keys by that and by
  /// flash_attention.
  int64_t flops(const Variant& variant) const {
    const bool packed = variant.row_layout == RowLayout::kPacked;
    return layer_flops(setting_, packed ? lengths_ : longest(setting_),
                       packed || variant.flags.flash_attention ? lengths_ : longest(setting_));
  }

  std::string case_name_;
  Setting setting_;
  std::vector<int64_t> lengths_;
  model::Registry registry_ = registry();
};

Subject subject(const char* name, const std::vector<Variant>& variants,
                std::vector<int64_t> (*lengths)(const Setting&)) {
  Subject subject = {name, {}, WorkUnit::kFlops, {}};
  for (const Variant& variant : variants) subject.lines.emplace_back(variant.line);
  subject.make = [variants, lengths](const std::string& case_name, const Setting& setting) {
    return Layers(case_name, setting, lengths(setting)).works(variants);
  };
  return subject;
}

}  // namespace

std::vector<Subject> layer_subjects() {
  std::vector<Variant> all(std::begin(kPadded), std::end(kPadded));
  const std::vector<Variant> padded = all;
  all.insert(all.begin() + 2, std::begin(kPacked), std::end(kPacked));
  return {subject("layer/full", padded, longest),
          subject("layer/windows", all, [](const Setting& setting) {
            return window_lengths(setting.batch, setting.sequence);
          })};
}

}  // namespace apps
