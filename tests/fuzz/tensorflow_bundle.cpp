// A TensorFlow checkpoint of any descriptions and data: opened, and every tensor read. The input is
// the number of data files; the header's and every tensor's description, each behind its length, up
// to a length of 0; and what the data files hold, in equal parts. A fuzzer does not guess CRCs: the
// index has the right ones around the descriptions, and the tensors are read with the CRCs that
// they are described with, then with the right ones: what opens then must give the bytes described.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/tensorflow/bundle_entry.h"
#include "checkpoint/tensorflow/bundle_file.h"
#include "tests/checkpoint/tensorflow/table_bytes.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/read_all.h"

namespace {

using namespace checkpoint::tensorflow;
using checkpoint::pickle::as_bytes;
using Entries = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kMaxShards = 3;

/// A folder with a checkpoint's names, which stand for files in memory.
class Bundle {
 public:
  Bundle() {
    std::string folder = std::filesystem::temp_directory_path() / "fuzz_tensorflow_bundle.XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = folder;
    link(index_, "b.index");
    for (size_t count = 1; count <= kMaxShards; ++count) {
      for (size_t i = 0; i < count; ++i) {
        link(shards_[i], fmt::format("b.data-{:05}-of-{:05}", i, count));
      }
    }
  }
  Bundle(const Bundle&) = delete;
  Bundle& operator=(const Bundle&) = delete;
  ~Bundle() { std::filesystem::remove_all(folder_); }

  std::filesystem::path prefix() const { return folder_ / "b"; }
  void assign_shard(size_t shard, std::string_view bytes) {
    shards_[shard].assign(as_bytes(bytes));
  }
  void assign_index(const Entries& entries) { index_.assign(as_bytes(table(block(entries)))); }

 private:
  void link(const MemoryFile& file, const std::string& name) {
    std::filesystem::create_symlink(file.path(), folder_ / name);
  }

  std::filesystem::path folder_;
  MemoryFile index_;
  std::array<MemoryFile, kMaxShards> shards_;
};

/// The text behind its length in one byte, taken from the front of `input`.
std::string take(std::string_view& input) {
  if (input.empty()) return "";
  const size_t length = std::min<size_t>(static_cast<uint8_t>(input[0]), input.size() - 1);
  std::string text(input.substr(1, length));
  input.remove_prefix(1 + length);
  return text;
}

/// The bytes that a description is of; nothing where there are none.
std::optional<std::string_view> described(const std::string& description,
                                          std::span<const std::string_view> shards) {
  try {
    const BundleEntry entry = read_bundle_entry(description, "fuzz");
    if (!entry.dtype || entry.shard >= shards.size()) return std::nullopt;
    const std::string_view shard = shards[entry.shard];
    if (entry.offset > shard.size() || entry.bytes > shard.size() - entry.offset) {
      return std::nullopt;
    }
    return shard.substr(entry.offset, entry.bytes);
  } catch (const checkpoint::CheckpointError&) {
    return std::nullopt;
  }
}

/// `description` with the right CRC, which counts as the last one.
std::string with_crc(const std::string& description, std::string_view bytes) {
  return description + varint((6U << 3) | 5) +
         checkpoint::pickle::little_endian(masked_crc(crc32c(as_bytes(bytes))), 4);
}

template <class Read>
void attempt(const Read& read) {
  try {
    read();
  } catch (const checkpoint::CheckpointError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Bundle bundle;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t count = input.empty() ? 1 : 1 + static_cast<uint8_t>(input[0]) % kMaxShards;
  input.remove_prefix(std::min<size_t>(1, input.size()));
  Entries entries = {{"", take(input)}};
  for (std::string text = take(input); !text.empty(); text = take(input)) {
    entries.emplace_back(fmt::format("{:05}", entries.size()), text);
  }
  std::vector<std::string_view> shards;
  for (size_t i = 0; i < kMaxShards; ++i) {
    const size_t part = input.size() / count;
    shards.push_back(i < count ? input.substr(i * part, part) : std::string_view());
    bundle.assign_shard(i, shards.back());
  }
  bundle.assign_index(entries);
  attempt([&] { checkpoint::read_all(*open_bundle(bundle.prefix()), size); });

  for (size_t i = 1; i < entries.size(); ++i) {
    const auto bytes = described(entries[i].second, shards);
    if (bytes) entries[i].second = with_crc(entries[i].second, *bytes);
  }
  bundle.assign_index(entries);
  std::unique_ptr<checkpoint::TensorFile> file;
  attempt([&] { file = open_bundle(bundle.prefix()); });
  for (size_t i = 0; file != nullptr && i < file->tensors().size(); ++i) {
    const size_t entry = std::stoul(file->tensors()[i].name);
    const auto expected = described(entries[entry].second, shards);
    if (!expected || !std::ranges::equal(file->read(i), as_bytes(*expected))) __builtin_trap();
  }
  return 0;
}
