#include "checkpoint/names/bert_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "checkpoint/printable.h"

namespace checkpoint::names {
namespace {

constexpr int64_t kVocabularyMultiple = 8;
constexpr std::string_view kWordEmbeddings = "bert.embeddings.word_embeddings.weight";

/// In groups of 8, the last of which may be short.
int64_t groups(int64_t rows) {
  return rows / kVocabularyMultiple + (rows % kVocabularyMultiple != 0 ? 1 : 0);
}

/// `source` [rows, columns] of elements of `size` bytes, transposed.
void transpose(std::span<const std::byte> source, size_t rows, size_t columns, size_t size,
               std::span<std::byte> destination) {
  for (size_t row = 0; row < rows; ++row) {
    for (size_t column = 0; column < columns; ++column) {
      std::memcpy(destination.data() + (column * rows + row) * size,
                  source.data() + (row * columns + column) * size, size);
    }
  }
}

}  // namespace

BertFile::BertFile(std::shared_ptr<const TensorFile> source, std::optional<int64_t> vocabulary)
    : TensorFile(source->file(), source->format()), source_(std::move(source)) {
  const std::vector<TensorEntry>& tensors = source_->tensors();
  // DeepSpeed's file may have the weights twice; the published program takes "module" then, too.
  const bool has_module =
      std::any_of(tensors.begin(), tensors.end(),
                  [](const TensorEntry& tensor) { return tensor.name.starts_with("module/"); });
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (has_module && tensors[i].name.starts_with("model_state_dict/")) continue;
    const NameMeaning meaning = meaning_of(tensors[i].name);
    if (meaning.kind == NameKind::kUnknown) unknown_.push_back(tensors[i].name);
    for (const WeightName& weight : meaning.weights) add_weight(i, weight, vocabulary);
  }
  if (sources_.empty()) {
    fail(
        fmt::format("none of its {} tensors is a weight of BERT; list them with "
                    "bert_squad inspect",
                    tensors.size()));
  }
}

void BertFile::add_weight(size_t tensor, const WeightName& weight,
                          std::optional<int64_t> vocabulary) {
  const TensorEntry& entry = source_->tensors()[tensor];
  std::vector<int64_t> shape = entry.shape;
  if (weight.transposed) {
    if (shape.size() != 2) fail(fmt::format("{} is no matrix", printable(entry.name)));
    std::swap(shape[0], shape[1]);
  }
  if (weight.part != Part::kWhole) {
    if (shape.empty() || shape[0] % 3 != 0) {
      fail(fmt::format("{} should hold Q, K and V, but its rows are no multiple of 3",
                       printable(entry.name)));
    }
    shape[0] /= 3;
  }
  if (vocabulary && weight.name == kWordEmbeddings && !shape.empty()) {
    if (groups(shape[0]) != groups(*vocabulary)) {
      fail(
          fmt::format("its vocabulary has {} words, not {}; give the vocabulary and the "
                      "configuration that belong to it",
                      shape[0], *vocabulary));
    }
    shape[0] = *vocabulary;
  }
  add(weight.name, entry.dtype, std::move(shape));
  sources_.push_back({tensor, weight.part, weight.transposed});
}

bool BertFile::is_pre_layer_norm() const {
  return find("bert.encoder.FinalLayerNorm.weight").has_value();
}

void BertFile::read_tensor(size_t index, std::span<std::byte> destination) const {
  const Source& source = sources_[index];
  const std::vector<std::byte> bytes = source_->read(source.tensor);
  const TensorEntry& entry = source_->tensors()[source.tensor];
  if (source.transposed) {
    transpose(bytes, static_cast<size_t>(entry.shape[0]), static_cast<size_t>(entry.shape[1]),
              static_cast<size_t>(element_size(entry.dtype)), destination);
    return;
  }
  const size_t first =
      source.part == Part::kWhole ? 0 : (static_cast<size_t>(source.part) - 1) * destination.size();
  const auto rows = std::span(bytes).subspan(first);
  const size_t kept = std::min(rows.size(), destination.size());
  std::copy_n(rows.begin(), kept, destination.begin());
  std::fill(destination.begin() + static_cast<std::ptrdiff_t>(kept), destination.end(),
            std::byte{0});
}

}  // namespace checkpoint::names
