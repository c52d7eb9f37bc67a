#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <unicode/utf8.h>

namespace squad {

/// Calls `visit(code_point, bytes)` for every code point of UTF-8 `text`, in order; `bytes` is its
/// part of `text`. Bytes that are not UTF-8 come as U+FFFD.
template <class Visit>
void for_each_code_point(std::string_view text, Visit&& visit) {
  const char* const data = text.data();
  const std::size_t size = text.size();
  std::size_t at = 0;
  while (at < size) {
    const std::size_t begin = at;
    UChar32 code_point = 0;
    U8_NEXT_OR_FFFD(data, at, size, code_point);
    visit(static_cast<char32_t>(code_point), text.substr(begin, at - begin));
  }
}

/// Length of UTF-8 `text` in code points, which is what Python calls len().
std::size_t count_code_points(std::string_view text);

/// Whether `text` is UTF-8: no stray bytes, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// Whether Python's str.split() splits there.
bool is_python_space(char32_t code_point);

/// Python's text.split(): the runs between spaces, none empty.
std::vector<std::string_view> split_spaces(std::string_view text);

/// General category Zs.
bool is_space_separator(char32_t code_point);
/// General category P*, or ASCII that is neither letter, digit, space nor control: "$" and "^"
/// count as punctuation for BERT although Unicode calls them symbols.
bool is_punctuation(char32_t code_point);
/// General category Cc or Cf.
bool is_control_or_format(char32_t code_point);
/// General category C*: control, format, unassigned, private use, surrogate.
bool is_other(char32_t code_point);
/// An ideograph that BERT takes as a word of its own. Not Hangul, Hiragana or Katakana.
bool is_cjk_ideograph(char32_t code_point);

/// str.lower(), whole string at once because of the final sigma, then NFD without the characters of
/// category Mn. `word` is UTF-8.
std::string lower_and_strip_accents(std::string_view word);

}  // namespace squad
