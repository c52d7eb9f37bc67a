#include "checkpoint/tensorflow/bundle_file.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "checkpoint/file_mapping.h"
#include "checkpoint/printable.h"
#include "checkpoint/tensorflow/bundle_entry.h"
#include "checkpoint/tensorflow/crc32c.h"
#include "checkpoint/tensorflow/sorted_table.h"

namespace checkpoint::tensorflow {
namespace {

/// More data files than anyone writes.
constexpr uint64_t kMaxShards = 1000;
constexpr std::string_view kObjectGraph = "_CHECKPOINTABLE_OBJECT_GRAPH";

class BundleFile : public TensorFile {
 public:
  explicit BundleFile(const std::filesystem::path& prefix)
      : TensorFile(prefix.string(), "TensorFlow bundle") {
    const std::string index = prefix.string() + ".index";
    const FileMapping mapping(index);
    const auto table = read_sorted_table(mapping.bytes(), index, {});
    if (table.empty() || !table.front().first.empty()) fail("its index has no header");
    open_shards(read_bundle_header(table.front().second, index));
    for (size_t i = 1; i < table.size(); ++i) {
      const auto& [name, message] = table[i];
      if (name == kObjectGraph) {
        fail(
            "an object-based checkpoint of TensorFlow 2, whose names are no variables' names; "
            "save it with tf.compat.v1.train.Saver");
      }
      add_entry(name, read_bundle_entry(message, index));
    }
  }

 private:
  struct Source {
    std::span<const std::byte> bytes;
    uint32_t masked_crc = 0;
  };

  void open_shards(const BundleHeader& header) {
    if (header.big_endian) fail("it is big-endian; only little-endian files are read");
    if (header.shards < 1 || header.shards > kMaxShards) {
      fail(fmt::format("its index claims {} data files", header.shards));
    }
    for (uint64_t i = 0; i < header.shards; ++i) {
      shards_.emplace_back(fmt::format("{}.data-{:05}-of-{:05}", file(), i, header.shards));
    }
  }

  void add_entry(const std::string& name, const BundleEntry& entry) {
    if (entry.sliced) {
      fail(fmt::format("variable {} is partitioned; save the checkpoint without partitions",
                       printable(name)));
    }
    if (!entry.dtype) return;
    const std::optional<uint64_t> needed = tensor_bytes(*entry.dtype, entry.shape);
    if (!needed || *needed != entry.bytes) {
      fail(fmt::format("tensor {} has {} bytes, which is not what its dtype and shape need",
                       printable(name), entry.bytes));
    }
    if (entry.shard >= shards_.size()) {
      fail(fmt::format("tensor {} is in data file {} of {}", printable(name), entry.shard,
                       shards_.size()));
    }
    const auto shard = shards_[entry.shard].bytes();
    if (entry.offset > shard.size() || entry.bytes > shard.size() - entry.offset) {
      fail(fmt::format("tensor {} of {} bytes at byte {} reaches out of data file {}, which has {}",
                       printable(name), entry.bytes, entry.offset, entry.shard, shard.size()));
    }
    add(name, *entry.dtype, entry.shape);
    sources_.push_back({shard.subspan(entry.offset, entry.bytes), entry.masked_crc});
  }

  void read_tensor(size_t index, std::span<std::byte> destination) const override {
    const Source& source = sources_[index];
    if (masked_crc(crc32c(source.bytes)) != source.masked_crc) {
      fail(fmt::format("the bytes of tensor {} are damaged (CRC-32C)",
                       printable(tensors()[index].name)));
    }
    if (!source.bytes.empty()) {
      std::memcpy(destination.data(), source.bytes.data(), source.bytes.size());
    }
  }

  std::vector<FileMapping> shards_;
  std::vector<Source> sources_;
};

}  // namespace

std::unique_ptr<TensorFile> open_bundle(const std::filesystem::path& prefix) {
  return std::make_unique<BundleFile>(prefix);
}

}  // namespace checkpoint::tensorflow
