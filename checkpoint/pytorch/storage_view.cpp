#include "checkpoint/pytorch/storage_view.h"

#include <algorithm>
#include <array>
#include <utility>

#include "checkpoint/checkpoint_error.h"

namespace checkpoint::pytorch {
namespace {

using pickle::Graph;
using pickle::Kind;
using pickle::Node;
using pickle::NodeId;

/// More than any tensor of a checkpoint has.
constexpr size_t kMaxRank = 64;

struct TypeRow {
  std::string_view storage;  ///< class of a typed storage, in module torch
  std::string_view name;     ///< of the dtype itself, in module torch
  Dtype dtype;
};
constexpr std::array<TypeRow, 13> kTypes = {{
    {"FloatStorage", "float32", Dtype::kF32},
    {"HalfStorage", "float16", Dtype::kF16},
    {"BFloat16Storage", "bfloat16", Dtype::kBF16},
    {"DoubleStorage", "float64", Dtype::kF64},
    {"LongStorage", "int64", Dtype::kI64},
    {"IntStorage", "int32", Dtype::kI32},
    {"ShortStorage", "int16", Dtype::kI16},
    {"CharStorage", "int8", Dtype::kI8},
    {"ByteStorage", "uint8", Dtype::kU8},
    {"BoolStorage", "bool", Dtype::kBool},
    {"", "uint16", Dtype::kU16},
    {"", "uint32", Dtype::kU32},
    {"", "uint64", Dtype::kU64},
}};

[[noreturn]] void fail(const char* what) {
  throw CheckpointError(what);
}

int64_t read_size(const Graph& graph, NodeId id) {
  const Node& node = graph.at(id);
  if (node.kind != Kind::kInteger || node.integer < 0) {
    fail("a size, stride or offset is no whole number from 0 up");
  }
  return node.integer;
}

/// The elements of a tuple or list; those of torch.Size(tuple).
const std::vector<NodeId>& sequence(const Graph& graph, NodeId id) {
  const Node* node = &graph.at(id);
  if (node->kind == Kind::kCall && graph.is_global(node->items[0], "torch", "Size")) {
    const Node& arguments = graph.at(node->items[1]);
    if (arguments.kind == Kind::kTuple && arguments.items.size() == 1) {
      node = &graph.at(arguments.items[0]);
    }
  }
  if (node->kind != Kind::kTuple && node->kind != Kind::kList) fail("a shape is no tuple");
  return node->items;
}

std::vector<int64_t> read_sizes(const Graph& graph, NodeId id) {
  const std::vector<NodeId>& items = sequence(graph, id);
  if (items.size() > kMaxRank) fail("a shape has more than 64 dimensions");
  std::vector<int64_t> sizes;
  for (const NodeId item : items) sizes.push_back(read_size(graph, item));
  return sizes;
}

/// The last element that the window touches must be in the storage, and it must not have more
/// elements than the storage: torch.expand apart, which no weight is made of, nothing does.
void check_extent(const StorageView& view) {
  if (view.shape.size() != view.strides.size()) fail("shape and strides differ in length");
  const std::optional<uint64_t> bytes = tensor_bytes(view.dtype, view.shape);
  if (!bytes) fail("its shape overflows");
  const int64_t size = element_size(view.dtype);
  const int64_t storage_size = view.storage.untyped ? 1 : element_size(*view.storage.dtype);
  int64_t available = 0;
  if (__builtin_mul_overflow(view.storage.view_elements, storage_size, &available)) {
    fail("its storage overflows");
  }
  available /= size;
  if (view.storage.view_begin > 0 && storage_size != size) {
    fail("a part of a storage is read as another dtype");
  }
  if (static_cast<int64_t>(*bytes) / size > available) {
    fail("it has more elements than its storage");
  }
  int64_t last = view.offset;
  for (size_t i = 0; *bytes > 0 && i < view.shape.size(); ++i) {
    int64_t reach = 0;
    if (__builtin_mul_overflow(view.shape[i] - 1, view.strides[i], &reach) ||
        __builtin_add_overflow(last, reach, &last)) {
      fail("its strides overflow");
    }
  }
  if (last >= available && *bytes > 0) fail("it reaches out of its storage");
}

/// _rebuild_tensor_v2(storage, offset, shape, strides, ...); v3 has a dtype as argument 6.
TensorKind read_rebuild(const Graph& graph, const std::vector<NodeId>& arguments, bool typed_call,
                        StorageView& view) {
  if (arguments.size() < (typed_call ? 7U : 4U)) fail("a tensor is described by too few values");
  const std::optional<StorageReference> storage = read_storage_reference(graph, arguments[0]);
  if (!storage) fail("a tensor is described without its storage");
  view.storage = *storage;
  std::optional<Dtype> dtype = storage->dtype;
  if (typed_call) {
    const Node& name = graph.at(arguments[6]);
    const auto* row = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeRow& type) {
      return name.kind == Kind::kGlobal && name.text == "torch" && name.name == type.name;
    });
    dtype = row == kTypes.end() ? std::nullopt : std::optional(row->dtype);
  }
  if (!dtype || (!storage->dtype && !storage->untyped)) return TensorKind::kUnsupported;
  view.dtype = *dtype;
  view.offset = read_size(graph, arguments[1]);
  view.shape = read_sizes(graph, arguments[2]);
  view.strides = read_sizes(graph, arguments[3]);
  check_extent(view);
  if (__builtin_add_overflow(view.offset, storage->view_begin, &view.offset)) {
    fail("its offset overflows");
  }
  return TensorKind::kTensor;
}

}  // namespace

std::optional<StorageReference> read_storage_reference(const Graph& graph, NodeId id) {
  const Node& persistent = graph.at(id);
  if (persistent.kind != Kind::kPersistent) return std::nullopt;
  const Node& tuple = graph.at(persistent.items[0]);
  if (tuple.kind != Kind::kTuple || tuple.items.size() < 5 || tuple.items.size() > 6) {
    return std::nullopt;
  }
  const Node& word = graph.at(tuple.items[0]);
  const Node& type = graph.at(tuple.items[1]);
  const Node& key = graph.at(tuple.items[2]);
  if (word.kind != Kind::kText || word.text != "storage" || type.kind != Kind::kGlobal ||
      key.kind != Kind::kText) {
    return std::nullopt;
  }
  StorageReference reference;
  reference.key = key.text;
  const auto* row = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeRow& candidate) {
    return !candidate.storage.empty() && type.name == candidate.storage;
  });
  if (row != kTypes.end()) reference.dtype = row->dtype;
  reference.untyped = type.name == "UntypedStorage";
  reference.elements = read_size(graph, tuple.items[4]);
  reference.view_elements = reference.elements;
  if (tuple.items.size() == 6 && graph.at(tuple.items[5]).kind != Kind::kNone) {
    const Node& part = graph.at(tuple.items[5]);  // (key, begin, elements)
    if (part.kind != Kind::kTuple || part.items.size() != 3) fail("a storage's view is no triple");
    reference.view_begin = read_size(graph, part.items[1]);
    reference.view_elements = read_size(graph, part.items[2]);
    if (reference.view_begin > reference.elements ||
        reference.view_elements > reference.elements - reference.view_begin) {
      fail("a storage's view reaches out of it");
    }
  }
  return reference;
}

TensorKind read_storage_view(const Graph& graph, NodeId id, StorageView& view) {
  // A parameter wraps a tensor, and a subclass wraps the call that rebuilds it.
  for (int wrappers = 0; wrappers < 4; ++wrappers) {
    const Node& node = graph.at(id);
    if (node.kind != Kind::kCall || graph.at(node.items[0]).kind != Kind::kGlobal) {
      return TensorKind::kNone;
    }
    const Node& callable = graph.at(node.items[0]);
    const Node& arguments = graph.at(node.items[1]);
    if (arguments.kind != Kind::kTuple) return TensorKind::kNone;
    if (callable.text == "torch._utils") {
      if (callable.name == "_rebuild_tensor_v2" || callable.name == "_rebuild_tensor") {
        return read_rebuild(graph, arguments.items, /*typed_call=*/false, view);
      }
      if (callable.name == "_rebuild_tensor_v3") {
        return read_rebuild(graph, arguments.items, /*typed_call=*/true, view);
      }
      const bool wraps =
          callable.name == "_rebuild_parameter" || callable.name == "_rebuild_parameter_with_state";
      if (!wraps || arguments.items.empty()) return TensorKind::kUnsupported;
      id = arguments.items[0];
      continue;
    }
    if (callable.text != "torch._tensor" || callable.name != "_rebuild_from_type_v2") {
      return TensorKind::kNone;
    }
    // _rebuild_from_type_v2(function, type, arguments, state)
    if (arguments.items.size() < 3) fail("a tensor is described by too few values");
    const Node& inner = graph.at(arguments.items[2]);
    const bool typed_call =
        graph.is_global(arguments.items[0], "torch._utils", "_rebuild_tensor_v3");
    if (!typed_call && !graph.is_global(arguments.items[0], "torch._utils", "_rebuild_tensor_v2")) {
      return TensorKind::kUnsupported;
    }
    if (inner.kind != Kind::kTuple) fail("a tensor is described by what is no tuple");
    return read_rebuild(graph, inner.items, typed_call, view);
  }
  return TensorKind::kUnsupported;
}

}  // namespace checkpoint::pytorch
