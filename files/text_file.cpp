#include "files/text_file.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <lzma.h>

#include "files/file_error.h"

namespace files {
namespace {

constexpr std::string_view kXzMagic{
    "\xFD"
    "7zXZ\0",
    6};
/// What unpacking itself may take: the highest preset of xz needs 65 MiB.
constexpr uint64_t kUnpackMemory = uint64_t{256} << 20;
constexpr std::size_t kChunk = std::size_t{1} << 20;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw FileError(fmt::format("{}: {}", file.string(), what));
}

std::string unpack(const std::string& packed, const std::filesystem::path& file) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kUnpackMemory, LZMA_CONCATENATED) != LZMA_OK) {
    fail(file, "cannot be unpacked: liblzma found no memory");
  }
  const std::unique_ptr<lzma_stream, void (*)(lzma_stream*)> closer(&stream, lzma_end);
  stream.next_in = reinterpret_cast<const uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::string text;
  lzma_ret result = LZMA_OK;
  while (result == LZMA_OK) {
    const std::size_t size = text.size();
    text.resize(size + kChunk);
    stream.next_out = reinterpret_cast<uint8_t*>(text.data()) + size;
    stream.avail_out = kChunk;
    result = lzma_code(&stream, LZMA_FINISH);
    text.resize(text.size() - stream.avail_out);
    if (text.size() > kMaxTextBytes) {
      fail(file, fmt::format("unpacks to more than {} bytes; give a smaller file", kMaxTextBytes));
    }
  }
  if (result != LZMA_STREAM_END) {
    fail(file, fmt::format("a damaged or truncated .xz file (liblzma's status {}); fetch it again",
                           static_cast<int>(result)));
  }
  return text;
}

}  // namespace

std::string read_text_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) fail(file, "no such file");
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size > kMaxTextBytes) {
    fail(file, fmt::format("{} bytes are more than the {} that a file may have here; give a "
                           "smaller one",
                           size, kMaxTextBytes));
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) fail(file, "cannot be read; check the permissions of the file");
  return text.starts_with(kXzMagic) ? unpack(text, file) : text;
}

}  // namespace files
