#include "checkpoint/pytorch/state_dict.h"

#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/printable.h"

namespace checkpoint::pytorch {
namespace {

using pickle::Graph;
using pickle::Kind;
using pickle::kNoNode;
using pickle::Node;
using pickle::NodeId;

constexpr int kMaxDepth = 32;
constexpr uint64_t kMaxVisits = 1'000'000;
constexpr size_t kMaxNameBytes = 512;
constexpr size_t kMaxTensors = 65536;

/// Depth-first over shared and possibly cyclic values: depth and visits are bounded, so it ends.
class Walk {
 public:
  Walk(const Graph& graph, const std::string& where) : graph_(graph), where_(where) {}

  std::vector<NamedView> run() {
    visit(graph_.root, "", 0);
    return std::move(found_);
  }

 private:
  void visit(NodeId id, const std::string& name, int depth) {
    if (++visits_ > kMaxVisits) fail(fmt::format("more than {} values to look at", kMaxVisits));
    if (depth > kMaxDepth) fail(fmt::format("values are nested deeper than {}", kMaxDepth));
    const Node& node = graph_.at(id);
    switch (node.kind) {
      case Kind::kDict:
        visit_items(node.items, name, depth);
        break;
      case Kind::kList:
      case Kind::kTuple:
        for (size_t i = 0; i < node.items.size(); ++i) {
          visit(node.items[i], join(name, std::to_string(i)), depth + 1);
        }
        break;
      case Kind::kCall:
        if (!take_tensor(id, name)) visit_call(node, name, depth);
        break;
      default:
        break;
    }
  }

  /// A dict of any class: what was set on it, and for OrderedDict([[key, value], ...]), as Python 2
  /// wrote it, the pairs.
  void visit_call(const Node& call, const std::string& name, int depth) {
    if (call.items[2] != kNoNode) visit_items(graph_.at(call.items[2]).items, name, depth);
    if (!graph_.is_global(call.items[0], "collections", "OrderedDict")) return;
    const Node& arguments = graph_.at(call.items[1]);
    if (arguments.kind != Kind::kTuple || arguments.items.size() != 1) return;
    const Node& list = graph_.at(arguments.items[0]);
    if (list.kind != Kind::kList && list.kind != Kind::kTuple) return;
    for (const NodeId item : list.items) {
      const Node& pair = graph_.at(item);
      const bool is_pair = pair.kind == Kind::kList || pair.kind == Kind::kTuple;
      if (is_pair && pair.items.size() == 2) visit_items(pair.items, name, depth);
    }
  }

  void visit_items(const std::vector<NodeId>& items, const std::string& name, int depth) {
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      const Node& key = graph_.at(items[i]);
      if (key.kind == Kind::kText) {
        visit(items[i + 1], join(name, key.text), depth + 1);
      } else if (key.kind == Kind::kInteger) {
        visit(items[i + 1], join(name, std::to_string(key.integer)), depth + 1);
      }
    }
  }

  bool take_tensor(NodeId id, const std::string& name) {
    StorageView view;
    TensorKind kind = TensorKind::kNone;
    try {
      kind = read_storage_view(graph_, id, view);
    } catch (const CheckpointError& error) {
      fail(fmt::format("tensor {}: {}", printable(name), error.what()));
    }
    if (kind == TensorKind::kTensor) {
      if (found_.size() >= kMaxTensors) fail(fmt::format("more than {} tensors", kMaxTensors));
      found_.push_back({name.empty() ? "tensor" : name, std::move(view)});
    }
    return kind != TensorKind::kNone;
  }

  std::string join(const std::string& name, std::string_view key) const {
    if (name.size() + key.size() + 1 > kMaxNameBytes) {
      fail(fmt::format("a name is longer than {} bytes: {}", kMaxNameBytes, printable(key)));
    }
    return name.empty() ? std::string(key) : fmt::format("{}/{}", name, key);
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw CheckpointError(fmt::format("{}: {}", where_, what));
  }

  const Graph& graph_;
  const std::string& where_;
  std::vector<NamedView> found_;
  uint64_t visits_ = 0;
};

}  // namespace

std::vector<NamedView> find_tensors(const Graph& graph, const std::string& where) {
  return Walk(graph, where).run();
}

}  // namespace checkpoint::pytorch
