#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace checkpoint::pickle {

using NodeId = uint32_t;
inline constexpr NodeId kNoNode = UINT32_MAX;

enum class Kind : uint8_t {
  kNone,
  kBool,        ///< integer
  kInteger,     ///< integer
  kLong,        ///< text: two's complement, little-endian, more than 8 bytes
  kReal,        ///< real
  kText,        ///< text
  kBytes,       ///< text
  kTuple,       ///< items: elements
  kList,        ///< items: elements
  kDict,        ///< items: key, value, key, value, ...
  kSet,         ///< items: elements
  kGlobal,      ///< text: module, name: what it is called in it
  kCall,        ///< items: callable, arguments, a kDict of items set on the result or kNoNode
  kPersistent,  ///< items: the id
};

/// One value of a pickle. Text points into the pickle's bytes.
struct Node {
  Kind kind = Kind::kNone;
  int64_t integer = 0;
  double real = 0;
  std::string_view text = {};
  std::string_view name = {};
  std::vector<NodeId> items = {};
};

/// What a pickle says, as data. Values may share children, and a hostile pickle may make cycles:
/// whoever walks it bounds depth and visits.
struct Graph {
  std::vector<Node> nodes;
  NodeId root = kNoNode;
  uint64_t bytes = 0;  ///< of the pickle, from PROTO to STOP

  const Node& at(NodeId id) const { return nodes[id]; }
  bool is_global(NodeId id, std::string_view module, std::string_view name) const {
    const Node& node = nodes[id];
    return node.kind == Kind::kGlobal && node.text == module && node.name == name;
  }
};

}  // namespace checkpoint::pickle
