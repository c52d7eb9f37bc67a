#include "harness/protocol/data_source.h"

#include <concepts>

#include "harness/protocol/strict_object.h"

namespace harness {
namespace {

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, DataSource>
void describe(Visitor& field, T& data) {
  field("source", data.source);
  field("file", data.file);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, QuestionOptions>
void describe(Visitor& field, T& questions) {
  field("vocabulary", questions.vocabulary);
  field("do_lower_case", questions.do_lower_case);
  field("doc_stride", questions.doc_stride);
  field("max_query_length", questions.max_query_length);
  field("compat", questions.compat);
}

}  // namespace

void to_json(nlohmann::json& json, const DataSource& data) {
  ObjectWriter object(json);
  describe(object, data);
  if (data.questions) describe(object, *data.questions);
}

void from_json(const nlohmann::json& json, DataSource& data) {
  StrictObject object(json);
  describe(object, data);
  data.questions.reset();
  if (data.source == "squad") describe(object, data.questions.emplace());
  object.finish();
}

}  // namespace harness
