#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace squad {

/// How paragraphs are cut. Names and defaults are the published programs'.
struct WindowOptions {
  int32_t max_seq_length = 384;   ///< tokens of a window: [CLS] question [SEP] paragraph [SEP]
  int32_t doc_stride = 128;       ///< tokens from one window's beginning to the next one's
  int32_t max_query_length = 64;  ///< a longer question is cut after so many tokens

  bool operator==(const WindowOptions&) const = default;
};

/// What a model sees at once: a question and a part of its paragraph. The published programs call
/// it a feature.
struct Window {
  std::size_t example = 0;         ///< index into Examples::examples
  int32_t index = 0;               ///< which of its example's windows, from 0, dropped ones counted
  std::vector<int32_t> input_ids;  ///< [CLS] question [SEP] paragraph [SEP], no padding
  int32_t paragraph_begin = 0;     ///< position of the paragraph's first token in `input_ids`
  /// For each token of the paragraph's part the word of the document that it comes from.
  std::vector<int32_t> word_of_token;
  /// For each token of the paragraph's part: 1 where no other window shows more on both sides of
  /// it. Every token is that in exactly one window.
  std::vector<uint8_t> is_max_context;
  /// First and last token of the answer, raw as the published programs have them (`kGoogle`: 0, 0
  /// where it is not in the window; `kBing`: may lie outside of the window). 0 in prediction.
  int32_t start_position = 0;
  int32_t end_position = 0;

  bool operator==(const Window&) const = default;
};

/// The published programs number windows from here.
constexpr int64_t kFirstUniqueId = 1'000'000'000;

struct WindowSet {
  WindowOptions options;
  bool training = false;
  std::vector<Window> windows;
  /// Examples whose paragraph has no text to cut (indices, ascending): they have no window.
  std::vector<std::size_t> textless;

  bool operator==(const WindowSet&) const = default;
};

}  // namespace squad
