#include "harness/spec/data_spec.h"

#include <algorithm>

#include <fmt/format.h>

#include "checkpoint/safetensors.h"
#include "harness/spec/limits.h"
#include "harness/spec/line_count.h"
#include "harness/spec/window_contents.h"

namespace harness {
namespace {

WindowContents read_contents(const SpecNode& file, const DataSource& data, const SweepSpec& spec) {
  const int64_t longest =
      *std::max_element(spec.sequence_lengths.begin(), spec.sequence_lengths.end());
  try {
    const WindowContents contents = read_window_contents(data.file, longest);
    if (longest <= contents.length) return contents;
    file.fail(fmt::format("the windows of {} have {} tokens, fewer than the sequence length {}",
                          data.file, contents.length, longest),
              "use shorter sequences, or a file of longer windows");
  } catch (const checkpoint::SafetensorsError& error) {
    file.fail(error.what(), "give a complete safetensors file of windows");
  }
}

/// Refuses a model whose table of `size` rows has none for the id `largest`; `key` is the scalar of
/// the model that sets the size, `what` names the owner and the kind of the id.
void check_table(const SpecNode& root, const std::string& key, int64_t size, int64_t largest,
                 const std::string& what) {
  if (largest < size) return;
  const SpecNode axes = root.at("axes");
  const SpecNode holder = axes.has(key) ? axes : root.at("model");
  holder.fail_at(key, fmt::format("{} {}, which is not below {}", what, largest, size),
                 fmt::format("set at least {}, or use other data", largest + 1));
}

DataSource read_windows(const SpecNode& root, const SpecNode& node, const SweepSpec& spec) {
  node.only_keys({"source", "file"});
  const SpecNode file = node.at("file");
  const DataSource data{.source = "windows", .file = file.existing_file().string()};
  const WindowContents contents = read_contents(file, data, spec);
  for (const ModelVariant& model : spec.models) {
    check_table(root, "vocabulary", model.shape.vocabulary, contents.largest_id,
                "the data have token id");
    check_table(root, "token_types", model.shape.token_types, contents.largest_type,
                "the data have token type");
  }
  return data;
}

QuestionOptions read_question_options(const SpecNode& node) {
  QuestionOptions options;
  options.vocabulary = node.at("vocabulary").existing_file().string();
  if (const auto lower_case = node.find("do_lower_case")) {
    options.do_lower_case = lower_case->boolean();
  }
  if (const auto stride = node.find("doc_stride")) {
    options.doc_stride = stride->integer(1, kMaxSequenceLength);
  }
  if (const auto length = node.find("max_query_length")) {
    options.max_query_length = length->integer(1, kMaxSequenceLength);
  }
  if (const auto compat = node.find("compat")) {
    options.compat = compat->name_among(kCompats, "text processing");
  }
  return options;
}

DataSource read_questions(const SpecNode& root, const SpecNode& node, const SweepSpec& spec) {
  node.only_keys({"source", "file", "vocabulary", "do_lower_case", "doc_stride", "max_query_length",
                  "compat"});
  DataSource data{.source = "squad", .file = node.at("file").existing_file().string()};
  data.questions = read_question_options(node);
  const int64_t word_pieces = count_lines(data.questions->vocabulary);
  for (const ModelVariant& model : spec.models) {
    check_table(root, "vocabulary", model.shape.vocabulary, word_pieces - 1,
                "the data's vocabulary has token id");
    check_table(root, "token_types", model.shape.token_types, kLargestTokenType,
                "paragraphs have token type");
  }
  return data;
}

}  // namespace

DataSource read_data(const SpecNode& root, const SweepSpec& spec) {
  const SpecNode node = root.at("data");
  const std::string source = node.at("source").name_among(kDataSources, "data source");
  return source == "squad" ? read_questions(root, node, spec) : read_windows(root, node, spec);
}

}  // namespace harness
