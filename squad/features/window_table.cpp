#include "squad/features/window_table.h"

#include <cstddef>
#include <span>
#include <utility>

#include "squad/squad_error.h"

namespace squad {
namespace {

/// [CLS] and [SEP] before a paragraph, [SEP] behind it.
constexpr int32_t kLeastBegin = 2;

template <class T>
void append(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// Takes arrays from the front of a longer one.
template <class T>
class Queue {
 public:
  explicit Queue(const std::vector<T>& values) : rest_(values) {}

  std::vector<T> take(std::size_t count) {
    if (count > rest_.size()) throw SquadError("an array of the windows is too short");
    const std::vector<T> front(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count));
    rest_ = rest_.subspan(count);
    return front;
  }
  void finish() const {
    if (!rest_.empty()) throw SquadError("an array of the windows is too long");
  }

 private:
  std::span<const T> rest_;
};

}  // namespace

WindowTable to_table(const WindowSet& set) {
  WindowTable table;
  for (const Window& window : set.windows) {
    append(table.windows, {static_cast<int32_t>(window.example), window.index,
                           static_cast<int32_t>(window.input_ids.size()), window.paragraph_begin,
                           window.start_position, window.end_position});
    append(table.input_ids, window.input_ids);
    append(table.word_of_token, window.word_of_token);
    append(table.is_max_context, window.is_max_context);
  }
  for (const std::size_t example : set.textless) {
    table.textless.push_back(static_cast<int32_t>(example));
  }
  return table;
}

WindowSet from_table(const WindowTable& table, const WindowOptions& options, bool training,
                     std::size_t examples) {
  WindowSet set{.options = options, .training = training, .windows = {}, .textless = {}};
  const auto example_of = [examples](int32_t index) {
    if (index < 0 || static_cast<std::size_t>(index) >= examples) {
      throw SquadError("a window names a question that is not there");
    }
    return static_cast<std::size_t>(index);
  };
  Queue<int32_t> rows(table.windows);
  Queue<int32_t> ids(table.input_ids);
  Queue<int32_t> words(table.word_of_token);
  Queue<uint8_t> contexts(table.is_max_context);
  for (std::size_t i = 0; i < table.windows.size() / WindowTable::kColumns; ++i) {
    const std::vector<int32_t> row = rows.take(WindowTable::kColumns);
    const int32_t tokens = row[2];
    const int32_t begin = row[3];
    if (begin < kLeastBegin || begin >= tokens || tokens > options.max_seq_length) {
      throw SquadError("a window has an impossible length");
    }
    const auto paragraph = static_cast<std::size_t>(tokens - begin - 1);
    set.windows.push_back({.example = example_of(row[0]),
                           .index = row[1],
                           .input_ids = ids.take(static_cast<std::size_t>(tokens)),
                           .paragraph_begin = begin,
                           .word_of_token = words.take(paragraph),
                           .is_max_context = contexts.take(paragraph),
                           .start_position = row[4],
                           .end_position = row[5]});
  }
  rows.finish();
  ids.finish();
  words.finish();
  contexts.finish();
  for (const int32_t example : table.textless) set.textless.push_back(example_of(example));
  return set;
}

}  // namespace squad
