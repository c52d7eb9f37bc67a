#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "checkpoint/byte_reader.h"
#include "checkpoint/pickle/graph.h"

namespace checkpoint::pickle {

/// The pickle machine's stack: values, and marks between them. Nothing reaches below the last mark.
class Stack {
 public:
  /// `reader` is where errors are said to be.
  explicit Stack(const ByteReader& reader) : reader_(reader) {}

  void push(NodeId node) { values_.push_back(node); }
  void mark() { marks_.push_back(values_.size()); }

  NodeId top() const {
    require(1);
    return values_.back();
  }

  NodeId pop() {
    const NodeId node = top();
    values_.pop_back();
    return node;
  }

  /// The last `count` values, in the order in which they were pushed.
  std::vector<NodeId> pop(size_t count) {
    require(count);
    return cut(values_.size() - count);
  }

  /// All values above the last mark, which goes too.
  std::vector<NodeId> pop_to_mark() {
    if (marks_.empty()) reader_.fail("pickle: an opcode needs a mark and there is none");
    const size_t begin = marks_.back();
    marks_.pop_back();
    return cut(begin);
  }

  /// Whether the top is a mark.
  bool at_mark() const { return !marks_.empty() && marks_.back() == values_.size(); }
  size_t size() const { return values_.size(); }

 private:
  void require(size_t count) const {
    const size_t floor = marks_.empty() ? 0 : marks_.back();
    if (values_.size() - floor < count) reader_.fail("pickle: an opcode finds too few values");
  }

  std::vector<NodeId> cut(size_t begin) {
    const auto first = values_.begin() + static_cast<std::ptrdiff_t>(begin);
    std::vector<NodeId> popped(first, values_.end());
    values_.erase(first, values_.end());
    return popped;
  }

  const ByteReader& reader_;
  std::vector<NodeId> values_;
  std::vector<size_t> marks_;
};

}  // namespace checkpoint::pickle
