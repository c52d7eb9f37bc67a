#include "harness/spec/unit_number.h"

#include <charconv>

namespace harness {

double take_decimal(std::string_view& text) {
  // from_chars alone would also take "-1", "inf" and "nan".
  if (text.empty() || text.front() < '0' || text.front() > '9') {
    return -1;
  }
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc{} ? number : -1;
}

}  // namespace harness
