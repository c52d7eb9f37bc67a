#include "harness/spec/line_count.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

namespace harness {

int64_t count_lines(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 1 << 16> block;
  int64_t lines = 0;
  char last = '\n';
  while (stream.read(block.data(), block.size()), stream.gcount() > 0) {
    const std::string_view text(block.data(), static_cast<std::size_t>(stream.gcount()));
    lines += std::count(text.begin(), text.end(), '\n');
    last = text.back();
  }
  return last == '\n' ? lines : lines + 1;
}

}  // namespace harness
