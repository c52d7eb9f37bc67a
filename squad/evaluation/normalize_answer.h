#pragma once

#include <string>
#include <string_view>

namespace squad {

/// UTF-8 `text` as evaluate-v1.1 compares it: in lower case, without ASCII punctuation, without the
/// words a, an and the, words joined by one space each. In this order: "the-end" becomes "theend".
/// Accents, Unicode punctuation and full-width forms stay. Bytes that are not UTF-8 become U+FFFD.
std::string normalize_answer(std::string_view text);

}  // namespace squad
