#include "files/digest.h"

#include <fstream>
#include <memory>
#include <vector>

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include "files/file_error.h"

namespace files {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

std::string hexadecimal(const XXH128_hash_t& hash) {
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

std::string digest(std::string_view bytes) {
  return hexadecimal(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string file_digest(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                              XXH3_freeState);
  XXH3_128bits_reset(state.get());
  std::vector<char> piece(kPiece);
  while (stream) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    XXH3_128bits_update(state.get(), piece.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.eof()) {
    throw FileError(file.string() + ": cannot be read; check that it is a file and may be read");
  }
  return hexadecimal(XXH3_128bits_digest(state.get()));
}

}  // namespace files
