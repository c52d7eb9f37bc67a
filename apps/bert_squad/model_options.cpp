#include "apps/bert_squad/model_options.h"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/catalog.h"
#include "harness/harness_error.h"
#include "harness/spec/entry_names.h"
#include "harness/spec/flag_sets.h"
#include "harness/spec/nearest_name.h"

namespace apps {
namespace {

using checkpoint::names::CheckpointType;

[[noreturn]] void refuse_name(const char* option, const std::string& name,
                              const std::vector<std::string>& known) {
  throw harness::UsageError(
      fmt::format("{}: unknown name '{}'; {}", option, name, harness::suggest(name, known)));
}

std::string resolved_implementation(const ModelOptions& options) {
  if (!options.kernel) {
    return options.implementation.empty() ? kDefaultImplementation : options.implementation;
  }
  if (!options.implementation.empty() && options.implementation != "fused") {
    throw harness::UsageError(
        fmt::format("--deepspeed_transformer_kernel means --implementation fused, but "
                    "--implementation is {}; give one of them",
                    options.implementation));
  }
  return "fused";
}

void check_flags(const harness::ImplementationEntry& implementation,
                 const harness::FlagSet& flags) {
  const harness::Catalog& names = catalog();
  if (const auto conflict = harness::find_conflict(names, flags)) {
    throw harness::UsageError("--flags: " + *conflict);
  }
  for (const std::string& flag : flags) {
    if (harness::supports(implementation, {flag})) continue;
    throw harness::UsageError(fmt::format("--flags: {} has no {}; its flags are {}",
                                          implementation.name, flag,
                                          fmt::join(implementation.flags, ", ")));
  }
}

}  // namespace

void add_model_options(CLI::App& command, ModelOptions& options) {
  const std::map<std::string, CheckpointType> types = {{"HF", CheckpointType::kHuggingFace},
                                                       {"TF", CheckpointType::kTensorFlow},
                                                       {"DS", CheckpointType::kDeepSpeed}};
  command.add_flag("--deepspeed")
      ->description("accepted as the published program's: this is the only engine");
  command
      .add_option("--model_file", options.weights,
                  "weights of any format: a file, a TensorFlow prefix, or a folder")
      ->required();
  command
      .add_option("--ckpt_type", options.type,
                  "HF, TF or DS: refuse weights of another origin; they are told apart anyway")
      ->transform(CLI::CheckedTransformer(types).description(""));
  command.add_option(
      "--origin_bert_config_file", options.config,
      "BERT's config; by default config.json or bert_config.json beside the weights");
  command.add_flag("--preln", options.pre_layer_norm,
                   "the model is Pre-LN, as some that DeepSpeed trained");
  command.add_flag("--pad_vocabulary", options.pad_vocabulary,
                   "add rows of zeros to the word embeddings up to a multiple of 8");
  command.add_option("--implementation", options.implementation,
                     fmt::format("{}; by default {}",
                                 fmt::join(harness::names_of(catalog().implementations), ", "),
                                 kDefaultImplementation));
  command.add_flag("--deepspeed_transformer_kernel", options.kernel,
                   "the published program's name for --implementation fused");
  command
      .add_option("--flags", options.flags,
                  "flags of the implementation, separated by commas: " +
                      fmt::format("{}", fmt::join(harness::names_of(catalog().flags), ", ")))
      ->delimiter(',')
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--precision", options.precision, "fp32, bf16 or fp16")
      ->check(CLI::IsMember({"fp32", "bf16", "fp16"}).description(""));
  command.add_option("--device", options.device, "where it runs: cpu, or cuda in builds with CUDA")
      ->check(CLI::IsMember({"cpu", "cuda"}).description(""))
      ->capture_default_str();
  command.add_option("--threads", options.threads, "threads; by default OMP_NUM_THREADS, or all")
      ->check(CLI::Range(int64_t{0}, int64_t{4096}).description(""));
  command.add_option("--seed", options.seed, "of everything random")->capture_default_str();
}

void check_model_options(ModelOptions& options) {
  const harness::Catalog& names = catalog();
  options.implementation = resolved_implementation(options);
  const auto* const implementation = names.find_implementation(options.implementation);
  if (implementation == nullptr) {
    refuse_name("--implementation", options.implementation,
                harness::names_of(names.implementations));
  }
  for (const std::string& flag : options.flags) {
    if (names.find_flag(flag) == nullptr)
      refuse_name("--flags", flag, harness::names_of(names.flags));
  }
  options.flags = harness::in_catalog_order(names, options.flags);
  check_flags(*implementation, options.flags);
}

}  // namespace apps
