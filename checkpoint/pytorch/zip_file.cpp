#include "checkpoint/pytorch/zip_file.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "checkpoint/pickle/pickle_reader.h"
#include "checkpoint/printable.h"
#include "checkpoint/pytorch/gather.h"
#include "checkpoint/pytorch/state_dict.h"
#include "checkpoint/zip/stored_zip.h"

namespace checkpoint::pytorch {
namespace {

using zip::StoredZip;

class ZipFile : public TensorFile {
 public:
  ZipFile(std::span<const std::byte> archive, const std::string& file, FileMapping mapping)
      : TensorFile(file, "PyTorch zip"), mapping_(std::move(mapping)), archive_(archive, file) {
    const std::string root = find_root();
    check_byte_order(root);
    const StoredZip::Entry& pickle = archive_.entries().find(root + "/data.pkl")->second;
    archive_.check(root + "/data.pkl", pickle);
    const pickle::Graph graph = pickle::read_pickle(pickle.bytes, file, {});
    for (NamedView& tensor : find_tensors(graph, file)) {
      Source source{root + "/data/" + std::string(tensor.view.storage.key), std::move(tensor.view)};
      check_storage(tensor.name, source);
      add(tensor.name, source.view.dtype, source.view.shape);
      sources_.push_back(std::move(source));
    }
  }

 private:
  struct Source {
    std::string entry;
    StorageView view;
  };

  std::string find_root() const {
    constexpr std::string_view kSuffix = "/data.pkl";
    std::string root;
    for (const auto& [name, entry] : archive_.entries()) {
      if (name.size() <= kSuffix.size() || !name.ends_with(kSuffix)) continue;
      if (!root.empty()) fail("a zip archive with two data.pkl: not one that torch.save wrote");
      root = name.substr(0, name.size() - kSuffix.size());
    }
    if (root.empty()) {
      fail("a zip archive without data.pkl: not one that torch.save wrote");
    }
    return root;
  }

  void check_byte_order(const std::string& root) const {
    const auto found = archive_.entries().find(root + "/byteorder");
    if (found == archive_.entries().end()) return;
    const auto bytes = found->second.bytes;
    const std::string_view order(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (order != "little") {
      fail(
          fmt::format("its byte order is {}; only little-endian files are read", printable(order)));
    }
  }

  void check_storage(const std::string& name, const Source& source) const {
    const auto found = archive_.entries().find(source.entry);
    if (found == archive_.entries().end()) {
      fail(fmt::format("the storage of tensor {}, {}, is not in the archive", printable(name),
                       printable(source.entry)));
    }
    const StorageReference& storage = source.view.storage;
    const int64_t size = storage.untyped ? 1 : element_size(*storage.dtype);
    if (static_cast<uint64_t>(storage.elements) > found->second.bytes.size() / size) {
      fail(fmt::format("the storage of tensor {} has {} bytes and should have {} elements of {}",
                       printable(name), found->second.bytes.size(), storage.elements, size));
    }
  }

  void read_tensor(size_t index, std::span<std::byte> destination) const override {
    const Source& source = sources_[index];
    const auto& [name, entry] = *archive_.entries().find(source.entry);
    if (!checked_.contains(name)) archive_.check(name, entry);
    checked_.insert(name);
    gather(entry.bytes, source.view, destination);
  }

  FileMapping mapping_;
  StoredZip archive_;
  std::vector<Source> sources_;
  mutable std::set<std::string> checked_;  ///< entries whose CRC held: storages are shared
};

}  // namespace

std::unique_ptr<TensorFile> open_zip_file(const std::filesystem::path& file) {
  FileMapping mapping(file);
  const auto bytes = mapping.bytes();
  return std::make_unique<ZipFile>(bytes, file.string(), std::move(mapping));
}

std::unique_ptr<TensorFile> open_zip_bytes(std::span<const std::byte> archive,
                                           const std::string& file) {
  return std::make_unique<ZipFile>(archive, file, FileMapping());
}

}  // namespace checkpoint::pytorch
