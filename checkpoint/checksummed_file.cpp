#include "checkpoint/checksummed_file.h"

#include <algorithm>
#include <utility>

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

namespace checkpoint {
namespace {

constexpr const char* kChecksum = "xxh3";

XXH64_hash_t hash_of(const std::string& text, XXH64_hash_t seed) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::string checksum_of(std::vector<TensorView> tensors,
                        const std::map<std::string, std::string>& metadata) {
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorView& a, const TensorView& b) { return a.name < b.name; });
  XXH64_hash_t hash = 0;
  for (const auto& [key, value] : metadata) {
    if (key != kChecksum) hash = hash_of(value, hash_of(key, hash));
  }
  for (const TensorView& tensor : tensors) {
    hash = hash_of(fmt::format("{} {} [{}]", tensor.name, dtype_name(tensor.dtype),
                               fmt::join(tensor.shape, ",")),
                   hash);
    hash = XXH3_64bits_withSeed(tensor.bytes.data(), tensor.bytes.size(), hash);
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace

void write_checksummed(const std::filesystem::path& file, std::vector<TensorView> tensors,
                       std::map<std::string, std::string> metadata) {
  metadata[kChecksum] = checksum_of(tensors, metadata);
  write_safetensors(file, std::move(tensors), metadata);
}

SafetensorsFile open_checksummed(const std::filesystem::path& file) {
  SafetensorsFile opened(file);
  const SafetensorsHeader& header = opened.header();
  std::vector<TensorView> tensors;
  for (const TensorInfo& tensor : header.tensors) {
    tensors.push_back({tensor.name, tensor.dtype, tensor.shape, opened.bytes(tensor)});
  }
  const auto stored = header.metadata.find(kChecksum);
  if (stored == header.metadata.end() ||
      stored->second != checksum_of(std::move(tensors), header.metadata)) {
    throw SafetensorsError(fmt::format(
        "{}: damaged: its checksum does not hold; use an older checkpoint", file.string()));
  }
  return opened;
}

}  // namespace checkpoint
