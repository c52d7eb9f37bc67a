#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "checkpoint/dtype.h"
#include "checkpoint/pickle/graph.h"

namespace checkpoint::pytorch {

/// What torch.save's persistent id says of a storage: a flat array that tensors share.
struct StorageReference {
  std::string_view key;
  std::optional<Dtype> dtype;  ///< nothing: untyped, or of a dtype that is not read
  bool untyped = false;        ///< the tensor says the dtype; elements are bytes
  int64_t elements = 0;        ///< of the whole storage
  int64_t view_begin = 0;      ///< old files: it is a part of the storage, from this element
  int64_t view_elements = 0;   ///< elements of that part, or `elements`
};

/// Nothing where `id` is no persistent id of a storage.
std::optional<StorageReference> read_storage_reference(const pickle::Graph& graph,
                                                       pickle::NodeId id);

/// A tensor as torch.save describes it: a strided window on a storage.
struct StorageView {
  StorageReference storage;
  Dtype dtype = Dtype::kF32;
  int64_t offset = 0;  ///< elements of `dtype` from the beginning of the storage
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;  ///< in elements, none negative
};

/// What a value is, as far as tensors go.
enum class TensorKind { kNone, kUnsupported, kTensor };

/// Read `id` as a tensor or nn.Parameter. kNone: it is something else. kUnsupported: a tensor of a
/// dtype or layout that is not read (complex, quantized, sparse). Throws CheckpointError with a
/// message without the file's name where a tensor's description cannot be: wrong types, negative
/// sizes, elements outside of the storage, more elements than the storage has.
TensorKind read_storage_view(const pickle::Graph& graph, pickle::NodeId id, StorageView& view);

}  // namespace checkpoint::pytorch
