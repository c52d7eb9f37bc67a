#include "harness/spec/condition_spec.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "harness/protocol/model_axis.h"
#include "harness/spec/axis_texts.h"
#include "harness/spec/flag_axis.h"
#include "harness/spec/nearest_name.h"

namespace harness {
namespace {

std::string value_text(const std::string& axis, const SpecNode& value, const Catalog& catalog) {
  if (axis == "flags") {
    return join_flags(read_flag_set(value, catalog));
  }
  const bool counts = axis == "micro_batch" || axis == "sequence_length";
  if (counts ? !value.json().is_number_integer()
             : !value.json().is_string() && !value.json().is_number()) {
    value.fail(fmt::format("{} is not a value of the axis '{}'", value.shown(), axis),
               "write it as the axis does");
  }
  return model_axis_text(value.json());
}

}  // namespace

CellCondition read_condition(const SpecNode& node, const Catalog& catalog, const SweepSpec& spec) {
  const AxisTexts texts = axis_texts(spec, catalog);
  CellCondition condition;
  for (const std::string& axis : node.keys()) {
    const auto known = texts.find(axis);
    if (known == texts.end()) {
      node.fail_at(axis, "the sweep has no such axis", suggest(axis, axis_names(texts)));
    }
    const SpecNode value = node.at(axis);
    const std::string text = value_text(axis, value, catalog);
    if (std::find(known->second.begin(), known->second.end(), text) == known->second.end()) {
      value.fail(fmt::format("{} is not a value of the axis '{}'", value.shown(), axis),
                 suggest(text, known->second));
    }
    condition.emplace(axis, text);
  }
  return condition;
}

}  // namespace harness
