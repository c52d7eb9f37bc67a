#pragma once

#include <algorithm>
#include <string>

namespace harness {

/// `text` as printable ASCII, a question mark for every other byte: for what came from elsewhere
/// and goes into a line of ours.
inline std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

}  // namespace harness
