#include "harness/protocol/check_reference.h"

#include <algorithm>
#include <concepts>

#include "harness/protocol/strict_object.h"

namespace harness {

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, ReferenceTensor>
static void describe(Visitor& field, T& tensor) {
  field("name", tensor.name);
  field("tolerance", tensor.tolerance);
  field("relative_to", tensor.relative_to);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, CheckReference>
static void describe(Visitor& field, T& reference) {
  field("model", reference.model);
  field("tensors", reference.tensors);
}

static void to_json(nlohmann::json& json, const ReferenceTensor& tensor) {
  write_fields(json, tensor);
}
static void from_json(const nlohmann::json& json, ReferenceTensor& tensor) {
  read_fields(json, tensor);
  if (tensor.tolerance <= 0) throw ProtocolPathError("/tolerance", "is too small");
}

void to_json(nlohmann::json& json, const CheckReference& reference) {
  write_fields(json, reference);
}
void from_json(const nlohmann::json& json, CheckReference& reference) {
  read_fields(json, reference);
  for (size_t i = 0; i < reference.tensors.size(); ++i) {
    const auto& scale = reference.tensors[i].relative_to;
    const bool found =
        std::any_of(reference.tensors.begin(), reference.tensors.end(),
                    [&](const ReferenceTensor& tensor) { return tensor.name == scale; });
    if (!found) {
      throw ProtocolPathError("/tensors/" + std::to_string(i) + "/relative_to",
                              "there is no tensor \"" + scale + "\"");
    }
  }
}

}  // namespace harness
