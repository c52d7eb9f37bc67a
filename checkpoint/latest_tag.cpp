#include "checkpoint/latest_tag.h"

#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/printable.h"
#include "files/atomic_file.h"
#include "files/file_error.h"

namespace checkpoint {
namespace {

constexpr size_t kMaxTag = 255;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw CheckpointError(fmt::format("{}: {}", file.string(), what));
}

}  // namespace

std::string read_latest_tag(const std::filesystem::path& latest) {
  std::error_code error;
  const auto size = std::filesystem::file_size(latest, error);
  std::ifstream stream(latest, std::ios::binary);
  if (error || !stream) fail(latest, "cannot read");
  if (size > kMaxTag) fail(latest, "it should hold the name of a folder beside it, and is longer");
  std::string tag((std::istreambuf_iterator<char>(stream)), {});
  while (!tag.empty() && (tag.back() == '\n' || tag.back() == '\r' || tag.back() == ' ')) {
    tag.pop_back();
  }
  if (tag.empty() || tag == "." || tag == ".." ||
      tag.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos) {
    fail(latest, fmt::format("it should hold the name of a folder beside it, and holds {}",
                             printable(tag)));
  }
  return tag;
}

void write_latest_tag(const std::filesystem::path& latest, const std::string& tag) {
  try {
    files::write_file_atomically(latest, tag + "\n");
  } catch (const files::FileError& error) {
    throw CheckpointError(error.what());
  }
}

}  // namespace checkpoint
