#include "apps/catalog.h"

namespace apps {

const harness::Catalog& catalog() {
  using harness::Recompute;
  static const harness::Catalog instance = [] {
    harness::Catalog c;
    c.flags = {
        {"normalize_invertible",
         true,
         Recompute::kNothing,
         {"activation_checkpoint"},
         "activation_checkpoint recomputes the whole layer, so there is nothing left to save"},
        {"gelu_checkpoint",
         true,
         Recompute::kIntermediate,
         {"activation_checkpoint"},
         "activation_checkpoint recomputes the whole layer, so there is nothing left to save"},
        {"attn_dropout_checkpoint",
         true,
         Recompute::kAttention,
         {"activation_checkpoint"},
         "activation_checkpoint recomputes the whole layer, so there is nothing left to save"},
        {"flash_attention",
         true,
         Recompute::kAttentionTwice,
         {"attn_dropout_checkpoint"},
         "flash_attention keeps no probabilities whose dropout could be checkpointed"},
        {"activation_checkpoint",
         true,
         Recompute::kLayer,
         {"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint", "flash_attention"},
         "activation_checkpoint recomputes the whole layer, so there is nothing left to save"},
        {"remove_padding", false, Recompute::kNothing, {}, "", "without padding"},
        {"stochastic_mode", false, Recompute::kNothing, {}, ""},
    };
    c.implementations = {
        {"pytorch_eager", {"activation_checkpoint"}},
        {"pytorch_tuned", {"activation_checkpoint"}},
        {"fused",
         {"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint", "flash_attention",
          "activation_checkpoint", "remove_padding", "stochastic_mode"}},
    };
    c.optimizers = {"adamw", "fused_adamw"};
    return c;
  }();
  return instance;
}

}  // namespace apps
