#include "worker/cell_model.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <sched.h>

#include "harness/protocol/protocol_error.h"

namespace worker {
namespace {

constexpr const char* kRemovePadding = "remove_padding";

[[noreturn]] void refuse(const char* what, const std::string& value, const char* known) {
  throw harness::ProtocolError(fmt::format("{} \"{}\" is not one of {}", what, value, known));
}

void set_flag(model::BertOptions& options, const std::string& flag) {
  if (flag == "normalize_invertible") {
    options.flags.normalize_invertible = true;
  } else if (flag == "gelu_checkpoint") {
    options.flags.gelu_checkpoint = true;
  } else if (flag == "attn_dropout_checkpoint") {
    options.flags.attn_dropout_checkpoint = true;
  } else if (flag == "flash_attention") {
    options.flags.flash_attention = true;
  } else if (flag == "stochastic_mode") {
    options.flags.stochastic_mode = true;
  } else if (flag == "activation_checkpoint") {
    options.activation_checkpoint = true;
  } else if (flag != kRemovePadding) {  // which is of the batches, not of the model
    refuse("flag", flag,
           "normalize_invertible, gelu_checkpoint, attn_dropout_checkpoint, flash_attention, "
           "activation_checkpoint, remove_padding, stochastic_mode");
  }
}

/// What the driver refuses in a sweep must not train here either, under a name that is not its.
void check_combination(const model::BertOptions& options) {
  const model::LayerFlags& flags = options.flags;
  if (flags.flash_attention && flags.attn_dropout_checkpoint) {
    throw harness::ProtocolError(
        "flags flash_attention and attn_dropout_checkpoint cannot be combined");
  }
  if (options.activation_checkpoint && (flags.normalize_invertible || flags.gelu_checkpoint ||
                                        flags.attn_dropout_checkpoint || flags.flash_attention)) {
    throw harness::ProtocolError(
        "flag activation_checkpoint cannot be combined with another memory flag");
  }
}

int64_t threads_from_environment() {
  const char* const text = std::getenv("OMP_NUM_THREADS");
  return text == nullptr ? 0 : std::max(std::atoll(text), 0LL);
}

int64_t usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(CPU_COUNT(&set), 1);
}

}  // namespace

model::BertConfig bert_config(const harness::ModelShape& shape) {
  if (shape.layer_norm != "post" && shape.layer_norm != "pre") {
    refuse("layer_norm", shape.layer_norm, "post, pre");
  }
  if (shape.gelu != "erf" && shape.gelu != "tanh") refuse("gelu", shape.gelu, "erf, tanh");
  using Placement = model::LayerNormPlacement;
  return {.layers = shape.layers,
          .hidden = shape.hidden,
          .heads = shape.heads,
          .intermediate = shape.intermediate,
          .vocabulary = shape.vocabulary,
          .max_positions = shape.max_positions,
          .token_types = shape.token_types,
          .layer_norm_eps = shape.layer_norm_eps,
          .layer_norm = shape.layer_norm == "post" ? Placement::kPost : Placement::kPre,
          .gelu = shape.gelu == "erf" ? model::Gelu::kErf : model::Gelu::kTanh,
          .attention_dropout = shape.attention_dropout,
          .hidden_dropout = shape.hidden_dropout};
}

at::ScalarType dtype_of(const std::string& precision) {
  if (precision == "fp32") return at::kFloat;
  if (precision == "bf16") return at::kBFloat16;
  if (precision == "fp16") return at::kHalf;
  refuse("precision", precision, "fp32, bf16, fp16");
}

model::BertOptions bert_options(const std::vector<std::string>& flags, const std::string& precision,
                                at::Device device) {
  model::BertOptions options;
  for (const auto& flag : flags) set_flag(options, flag);
  check_combination(options);
  options.tensors = at::TensorOptions(device).dtype(dtype_of(precision));
  return options;
}

model::BertOptions bert_options(const harness::Cell& cell, at::Device device) {
  return bert_options(cell.flags, cell.precision, device);
}

model::RowLayout row_layout_of(const std::vector<std::string>& flags) {
  const bool packed = std::find(flags.begin(), flags.end(), kRemovePadding) != flags.end();
  return packed ? model::RowLayout::kPacked : model::RowLayout::kPadded;
}

model::RowLayout row_layout_of(const harness::Cell& cell) {
  return row_layout_of(cell.flags);
}

int64_t resolved_threads(const harness::Measure& measure) {
  if (measure.threads > 0) return measure.threads;
  const int64_t from_environment = threads_from_environment();
  return from_environment > 0 ? from_environment : usable_processors();
}

}  // namespace worker
