#include "harness/spec/data_spec.h"

#include <algorithm>

#include <fmt/format.h>

#include "checkpoint/safetensors.h"
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
/// the model that sets the size.
void check_table(const SpecNode& root, const std::string& key, int64_t size, int64_t largest,
                 const std::string& what) {
  if (largest < size) return;
  const SpecNode axes = root.at("axes");
  const SpecNode holder = axes.has(key) ? axes : root.at("model");
  holder.fail_at(key,
                 fmt::format("the data have {} {}, which is not below {}", what, largest, size),
                 fmt::format("set at least {}, or use other data", largest + 1));
}

}  // namespace

DataSource read_data(const SpecNode& root, const SweepSpec& spec) {
  const SpecNode node = root.at("data");
  node.only_keys({"source", "file"});
  DataSource data;
  data.source = node.at("source").name_among({"windows"}, "data source");
  const SpecNode file = node.at("file");
  data.file = file.existing_file().string();
  const WindowContents contents = read_contents(file, data, spec);
  for (const ModelVariant& model : spec.models) {
    check_table(root, "vocabulary", model.shape.vocabulary, contents.largest_id, "token id");
    check_table(root, "token_types", model.shape.token_types, contents.largest_type, "token type");
  }
  return data;
}

}  // namespace harness
