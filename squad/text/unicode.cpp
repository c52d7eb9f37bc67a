#include "squad/text/unicode.h"

#include <algorithm>
#include <array>
#include <utility>

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "squad/squad_error.h"

namespace squad {
namespace {

using Range = std::pair<char32_t, char32_t>;

template <std::size_t count>
bool in_ranges(const std::array<Range, count>& ranges, char32_t code_point) {
  return std::any_of(ranges.begin(), ranges.end(), [code_point](const Range& range) {
    return range.first <= code_point && code_point <= range.second;
  });
}

constexpr std::array<Range, 10> kPythonSpaces = {{{0x09, 0x0D},
                                                  {0x1C, 0x20},
                                                  {0x85, 0x85},
                                                  {0xA0, 0xA0},
                                                  {0x1680, 0x1680},
                                                  {0x2000, 0x200A},
                                                  {0x2028, 0x2029},
                                                  {0x202F, 0x202F},
                                                  {0x205F, 0x205F},
                                                  {0x3000, 0x3000}}};
constexpr std::array<Range, 4> kAsciiPunctuation = {{{33, 47}, {58, 64}, {91, 96}, {123, 126}}};
constexpr std::array<Range, 8> kCjkIdeographs = {{{0x4E00, 0x9FFF},
                                                  {0x3400, 0x4DBF},
                                                  {0x20000, 0x2A6DF},
                                                  {0x2A700, 0x2B73F},
                                                  {0x2B740, 0x2B81F},
                                                  {0x2B820, 0x2CEAF},
                                                  {0xF900, 0xFAFF},
                                                  {0x2F800, 0x2FA1F}}};
constexpr char32_t kFirstCjk = 0x3400;

bool has_category(char32_t code_point, uint32_t mask) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & mask) != 0;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

const icu::Normalizer2& nfd() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) {
    throw SquadError(std::string("ICU cannot normalize text: ") + u_errorName(status) +
                     "; check the installation of libicu");
  }
  return *instance;
}

}  // namespace

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for_each_code_point(text, [&count](char32_t, std::string_view) { ++count; });
  return count;
}

bool is_utf8(std::string_view text) {
  const char* const data = text.data();
  std::size_t at = 0;
  while (at < text.size()) {
    UChar32 code_point = 0;
    U8_NEXT(data, at, text.size(), code_point);
    if (code_point < 0) return false;
  }
  return true;
}

bool is_python_space(char32_t code_point) {
  return in_ranges(kPythonSpaces, code_point);
}

std::vector<std::string_view> split_spaces(std::string_view text) {
  std::vector<std::string_view> parts;
  const char* begin = nullptr;
  for_each_code_point(text, [&](char32_t code_point, std::string_view bytes) {
    if (!is_python_space(code_point)) {
      if (begin == nullptr) begin = bytes.data();
    } else if (begin != nullptr) {
      parts.emplace_back(begin, static_cast<std::size_t>(bytes.data() - begin));
      begin = nullptr;
    }
  });
  if (begin != nullptr) {
    parts.emplace_back(begin, static_cast<std::size_t>(text.data() + text.size() - begin));
  }
  return parts;
}

bool is_space_separator(char32_t code_point) {
  return has_category(code_point, U_GC_ZS_MASK);
}

bool is_punctuation(char32_t code_point) {
  if (code_point < 0x80) return in_ranges(kAsciiPunctuation, code_point);
  return has_category(code_point, U_GC_P_MASK);
}

bool is_control_or_format(char32_t code_point) {
  return has_category(code_point, U_GC_CC_MASK | U_GC_CF_MASK);
}

bool is_other(char32_t code_point) {
  return has_category(code_point, U_GC_C_MASK);
}

bool is_cjk_ideograph(char32_t code_point) {
  return code_point >= kFirstCjk && in_ranges(kCjkIdeographs, code_point);
}

std::string lower_and_strip_accents(std::string_view word) {
  std::string result;
  if (is_ascii(word)) {
    result = word;
    for (char& letter : result) {
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return result;
  }
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(word.data(), static_cast<int32_t>(word.size())));
  text.toLower(icu::Locale::getRoot());
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString decomposed = nfd().normalize(text, status);
  if (U_FAILURE(status)) {
    throw SquadError(std::string("ICU cannot normalize a word: ") + u_errorName(status));
  }
  icu::UnicodeString kept;
  for (int32_t at = 0; at < decomposed.length(); at = decomposed.moveIndex32(at, 1)) {
    const UChar32 code_point = decomposed.char32At(at);
    if (u_charType(code_point) != U_NON_SPACING_MARK) kept.append(code_point);
  }
  kept.toUTF8String(result);
  return result;
}

}  // namespace squad
