#include "checkpoint/printable.h"

#include <fmt/format.h>

namespace checkpoint {

std::string printable(std::string_view text) {
  constexpr size_t kMaxShown = 100;
  std::string line = "\"";
  for (const char character : text.substr(0, kMaxShown)) {
    if (character == '"' || character == '\\') {
      line += '\\';
      line += character;
    } else if (character >= ' ' && character <= '~') {
      line += character;
    } else {
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(character));
    }
  }
  return line + (text.size() > kMaxShown ? "...\"" : "\"");
}

}  // namespace checkpoint
