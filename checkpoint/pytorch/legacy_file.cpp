#include "checkpoint/pytorch/legacy_file.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "checkpoint/byte_reader.h"
#include "checkpoint/checkpoint_error.h"
#include "checkpoint/file_mapping.h"
#include "checkpoint/pickle/pickle_reader.h"
#include "checkpoint/printable.h"
#include "checkpoint/pytorch/gather.h"
#include "checkpoint/pytorch/state_dict.h"

namespace checkpoint::pytorch {
namespace {

using pickle::Graph;
using pickle::Kind;
using pickle::Node;
using pickle::NodeId;

/// PROTO 2, LONG1 of 10 bytes: 0x1950a86a20f9469cfc6c, STOP.
constexpr std::array<uint8_t, 15> kMagic = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                            0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e};
constexpr int64_t kProtocol = 1001;

class LegacyFile : public TensorFile {
 public:
  LegacyFile(std::span<const std::byte> bytes, const std::string& file, FileMapping mapping)
      : TensorFile(file, "PyTorch legacy"), mapping_(std::move(mapping)), rest_(bytes) {
    if (!is_legacy(rest_)) fail("not a PyTorch file of before 1.6: another magic number");
    next_pickle();
    check_protocol(next_pickle());
    check_byte_order(next_pickle());
    const Graph object = next_pickle();
    read_storages(next_pickle(), item_sizes(object));
    for (NamedView& tensor : find_tensors(object, file)) {
      const auto found = storages_.find(tensor.view.storage.key);
      if (found == storages_.end()) {
        fail(fmt::format("the storage of tensor {} is not in the file", printable(tensor.name)));
      }
      add(tensor.name, tensor.view.dtype, tensor.view.shape);
      sources_.push_back({found->second, std::move(tensor.view)});
    }
  }

 private:
  struct Source {
    std::span<const std::byte> storage;
    StorageView view;
  };
  /// What the persistent ids say of a storage.
  struct Claim {
    int64_t elements = 0;
    int64_t item_size = 0;
  };
  using Claims = std::map<std::string_view, Claim>;

  Graph next_pickle() {
    Graph graph = pickle::read_pickle(rest_, file(), {});
    rest_ = rest_.subspan(graph.bytes);
    return graph;
  }

  void check_protocol(const Graph& graph) const {
    const Node& version = graph.at(graph.root);
    if (version.kind != Kind::kInteger || version.integer != kProtocol) {
      fail("its PyTorch protocol is not 1001");
    }
  }

  void check_byte_order(const Graph& graph) const {
    const Node& system = graph.at(graph.root);
    if (system.kind != Kind::kDict) fail("its description of the system is no dict");
    for (size_t i = 0; i < system.items.size(); i += 2) {
      const Node& value = graph.at(system.items[i + 1]);
      if (graph.at(system.items[i]).text == "little_endian" && value.integer != 1) {
        fail("it is big-endian; only little-endian files are read");
      }
    }
  }

  /// By storage key. Ids of what is no storage (modules' sources) are passed over.
  Claims item_sizes(const Graph& graph) const {
    Claims claims;
    for (NodeId id = 0; id < graph.nodes.size(); ++id) {
      const auto reference = reference_of(graph, id);
      if (!reference || (!reference->dtype && !reference->untyped)) continue;
      const Claim claim{reference->elements,
                        reference->untyped ? 1 : element_size(*reference->dtype)};
      const auto [place, is_new] = claims.emplace(reference->key, claim);
      if (!is_new && (place->second.elements != claim.elements ||
                      place->second.item_size != claim.item_size)) {
        fail(fmt::format("storage {} is described in two ways", printable(reference->key)));
      }
    }
    return claims;
  }

  std::optional<StorageReference> reference_of(const Graph& graph, NodeId id) const {
    try {
      return read_storage_reference(graph, id);
    } catch (const CheckpointError& error) {
      fail(error.what());
    }
  }

  void read_storages(const Graph& keys, const Claims& claims) {
    const Node& list = keys.at(keys.root);
    if (list.kind != Kind::kList) fail("its list of storages is no list");
    ByteReader reader(rest_, file());
    for (const NodeId item : list.items) {
      const std::string_view key = keys.at(item).text;
      const auto claim = claims.find(key);
      if (claim == claims.end()) {
        fail(fmt::format("nothing says what storage {} holds", printable(key)));
      }
      const auto elements = reader.number<uint64_t>();
      if (elements != static_cast<uint64_t>(claim->second.elements)) {
        fail(fmt::format("storage {} has {} elements and should have {}", printable(key), elements,
                         claim->second.elements));
      }
      const auto item_size = static_cast<uint64_t>(claim->second.item_size);
      if (elements > reader.remaining() / item_size) {
        fail(fmt::format("truncated: storage {} of {} elements is not all there", printable(key),
                         elements));
      }
      if (!storages_.emplace(key, reader.take(elements * item_size)).second) {
        fail(fmt::format("it has storage {} twice", printable(key)));
      }
    }
    if (reader.remaining() != 0) {
      fail(fmt::format("{} trailing bytes after the last storage", reader.remaining()));
    }
  }

  void read_tensor(size_t index, std::span<std::byte> destination) const override {
    gather(sources_[index].storage, sources_[index].view, destination);
  }

  FileMapping mapping_;
  std::span<const std::byte> rest_;
  std::map<std::string, std::span<const std::byte>, std::less<>> storages_;
  std::vector<Source> sources_;
};

}  // namespace

bool is_legacy(std::span<const std::byte> bytes) {
  return bytes.size() >= kMagic.size() &&
         std::equal(kMagic.begin(), kMagic.end(), bytes.begin(),
                    [](uint8_t a, std::byte b) { return std::byte{a} == b; });
}

std::unique_ptr<TensorFile> open_legacy_file(const std::filesystem::path& file) {
  FileMapping mapping(file);
  const auto bytes = mapping.bytes();
  return std::make_unique<LegacyFile>(bytes, file.string(), std::move(mapping));
}

std::unique_ptr<TensorFile> open_legacy_bytes(std::span<const std::byte> bytes,
                                              const std::string& file) {
  return std::make_unique<LegacyFile>(bytes, file, FileMapping());
}

}  // namespace checkpoint::pytorch
