#include "harness/spec/axis_texts.h"

#include "harness/spec/flag_sets.h"

namespace harness {

AxisTexts axis_texts(const SweepSpec& spec, const Catalog& catalog) {
  AxisTexts texts;
  texts["implementation"] = spec.implementations;
  texts["precision"] = spec.precisions;
  texts["optimizer"] = spec.optimizers;
  for (const int64_t value : spec.micro_batches) {
    texts["micro_batch"].push_back(std::to_string(value));
  }
  for (const int64_t value : spec.sequence_lengths) {
    texts["sequence_length"].push_back(std::to_string(value));
  }
  for (const std::string& name : spec.implementations) {
    for (const FlagSet& set : flag_sets(catalog, catalog.implementation(name), spec.flags)) {
      texts["flags"].push_back(join_flags(set));
    }
  }
  for (const ModelVariant& model : spec.models) {
    for (const auto& [name, value] : model.axes) {
      texts[name].push_back(value);
    }
  }
  return texts;
}

std::vector<std::string> axis_names(const AxisTexts& texts) {
  std::vector<std::string> names;
  for (const auto& [name, values] : texts) {
    names.push_back(name);
  }
  return names;
}

}  // namespace harness
