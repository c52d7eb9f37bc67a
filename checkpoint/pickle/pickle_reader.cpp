#include "checkpoint/pickle/pickle_reader.h"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "checkpoint/byte_reader.h"
#include "checkpoint/pickle/opcodes.h"
#include "checkpoint/pickle/stack.h"

namespace checkpoint::pickle {
namespace {

/// A pickle is a program for a stack machine with a memo; this one only builds nodes.
class Machine {
 public:
  Machine(std::span<const std::byte> bytes, const std::string& where, const Limits& limits)
      : reader_(bytes, where), stack_(reader_), limits_(limits) {}

  Graph run() {
    if (opcode() != Opcode::kProtocol) reader_.fail("not a pickle: it does not begin with PROTO");
    read_protocol();
    for (uint64_t count = 0;; ++count) {
      if (count >= limits_.opcodes) {
        reader_.fail(fmt::format("pickle: more than {} opcodes", limits_.opcodes));
      }
      const Opcode next = opcode();
      if (next == Opcode::kStop) break;
      step(next);
    }
    graph_.root = stack_.pop();
    if (stack_.size() != 0) reader_.fail("pickle: it stops with values left");
    graph_.bytes = reader_.position();
    return std::move(graph_);
  }

 private:
  Opcode opcode() { return static_cast<Opcode>(reader_.number<uint8_t>()); }

  void read_protocol() {
    const auto protocol = reader_.number<uint8_t>();
    if (protocol < 2 || protocol > 5) {
      reader_.fail(fmt::format("pickle: protocol {}; 2 to 5 are read", protocol));
    }
  }

  void step(Opcode code) {
    if (!scalar(code) && !text(code) && !container(code) && !memo(code) && !call(code)) {
      reader_.fail(fmt::format("pickle: opcode 0x{:02x} is not one of PyTorch's files",
                               static_cast<unsigned>(code)));
    }
  }

  NodeId add(Node node) {
    if (graph_.nodes.size() >= limits_.nodes) {
      reader_.fail(fmt::format("pickle: more than {} values", limits_.nodes));
    }
    graph_.nodes.push_back(std::move(node));
    return static_cast<NodeId>(graph_.nodes.size() - 1);
  }
  void push(Node node) { stack_.push(add(std::move(node))); }
  void push_integer(int64_t value) { push({.kind = Kind::kInteger, .integer = value}); }

  /// Two's complement, little-endian; up to 8 bytes a number, longer ones kept as they are.
  void push_long(uint64_t size) {
    const std::string_view digits = reader_.text(size);
    if (size > 8) return push({.kind = Kind::kLong, .text = digits});
    uint64_t value = !digits.empty() && (digits.back() & 0x80) != 0 ? ~uint64_t{0} : 0;
    for (size_t i = digits.size(); i-- > 0;) {
      value = (value << 8) | static_cast<uint8_t>(digits[i]);
    }
    push_integer(static_cast<int64_t>(value));
  }

  bool scalar(Opcode code) {
    switch (code) {
      case Opcode::kNone:
        push({.kind = Kind::kNone});
        return true;
      case Opcode::kNewTrue:
      case Opcode::kNewFalse:
        push({.kind = Kind::kBool, .integer = code == Opcode::kNewTrue});
        return true;
      case Opcode::kBinInt:
        push_integer(static_cast<int32_t>(reader_.number<uint32_t>()));
        return true;
      case Opcode::kBinInt1:
        push_integer(reader_.number<uint8_t>());
        return true;
      case Opcode::kBinInt2:
        push_integer(reader_.number<uint16_t>());
        return true;
      case Opcode::kLong1:
        push_long(reader_.number<uint8_t>());
        return true;
      case Opcode::kLong4:
        push_long(reader_.number<uint32_t>());
        return true;
      case Opcode::kBinFloat: {
        uint64_t bits = 0;  // the one big-endian number of the format
        for (const std::byte byte : reader_.take(8)) {
          bits = (bits << 8) | std::to_integer<uint64_t>(byte);
        }
        push({.kind = Kind::kReal, .real = std::bit_cast<double>(bits)});
        return true;
      }
      default:
        return false;
    }
  }

  void push_text(Kind kind, uint64_t size) { push({.kind = kind, .text = reader_.text(size)}); }

  bool text(Opcode code) {
    switch (code) {
      case Opcode::kShortBinUnicode:
      case Opcode::kShortBinString:
        push_text(Kind::kText, reader_.number<uint8_t>());
        return true;
      case Opcode::kBinUnicode:
      case Opcode::kBinString:
        push_text(Kind::kText, reader_.number<uint32_t>());
        return true;
      case Opcode::kBinUnicode8:
        push_text(Kind::kText, reader_.number<uint64_t>());
        return true;
      case Opcode::kShortBinBytes:
        push_text(Kind::kBytes, reader_.number<uint8_t>());
        return true;
      case Opcode::kBinBytes:
        push_text(Kind::kBytes, reader_.number<uint32_t>());
        return true;
      case Opcode::kBinBytes8:
      case Opcode::kByteArray8:
        push_text(Kind::kBytes, reader_.number<uint64_t>());
        return true;
      default:
        return false;
    }
  }

  bool container(Opcode code) {
    switch (code) {
      case Opcode::kMark:
        stack_.mark();
        return true;
      case Opcode::kEmptyTuple:
        push({.kind = Kind::kTuple});
        return true;
      case Opcode::kTuple1:
      case Opcode::kTuple2:
      case Opcode::kTuple3: {
        const size_t size = static_cast<size_t>(code) - static_cast<size_t>(Opcode::kTuple1) + 1;
        push({.kind = Kind::kTuple, .items = stack_.pop(size)});
        return true;
      }
      case Opcode::kTuple:
        push({.kind = Kind::kTuple, .items = stack_.pop_to_mark()});
        return true;
      case Opcode::kEmptyList:
        push({.kind = Kind::kList});
        return true;
      case Opcode::kList:
        push({.kind = Kind::kList, .items = stack_.pop_to_mark()});
        return true;
      case Opcode::kEmptyDict:
        push({.kind = Kind::kDict});
        return true;
      case Opcode::kDict:
        push({.kind = Kind::kDict, .items = pairs(stack_.pop_to_mark())});
        return true;
      case Opcode::kEmptySet:
        push({.kind = Kind::kSet});
        return true;
      case Opcode::kFrozenSet:
        push({.kind = Kind::kSet, .items = stack_.pop_to_mark()});
        return true;
      case Opcode::kAppend:
        append(stack_.pop(1));
        return true;
      case Opcode::kAppends:
      case Opcode::kAddItems:
        append(stack_.pop_to_mark());
        return true;
      case Opcode::kSetItem:
        set_items(stack_.pop(2));
        return true;
      case Opcode::kSetItems:
        set_items(pairs(stack_.pop_to_mark()));
        return true;
      default:
        return false;
    }
  }

  std::vector<NodeId> pairs(std::vector<NodeId> items) const {
    if (items.size() % 2 != 0) reader_.fail("pickle: a dict has a key without a value");
    return items;
  }

  /// Elements of a list or set; those of an unknown object are dropped, nobody asks for them.
  void append(const std::vector<NodeId>& elements) {
    Node& target = graph_.nodes[stack_.top()];
    if (target.kind == Kind::kCall) return;
    if (target.kind != Kind::kList && target.kind != Kind::kSet) {
      reader_.fail("pickle: elements are appended to what is no list");
    }
    target.items.insert(target.items.end(), elements.begin(), elements.end());
  }

  /// Items of a dict, or of a call's result (an OrderedDict).
  void set_items(const std::vector<NodeId>& items) {
    NodeId target = stack_.top();
    if (graph_.at(target).kind == Kind::kCall) {
      if (graph_.at(target).items[2] == kNoNode) {
        const NodeId dict = add({.kind = Kind::kDict});
        graph_.nodes[target].items[2] = dict;
      }
      target = graph_.at(target).items[2];
    }
    Node& dict = graph_.nodes[target];
    if (dict.kind != Kind::kDict) reader_.fail("pickle: items are set on what is no dict");
    dict.items.insert(dict.items.end(), items.begin(), items.end());
  }

  bool memo(Opcode code) {
    switch (code) {
      case Opcode::kPop:
        if (stack_.at_mark()) {
          stack_.pop_to_mark();
        } else {
          stack_.pop();
        }
        return true;
      case Opcode::kPopMark:
        stack_.pop_to_mark();
        return true;
      case Opcode::kDup:
        stack_.push(stack_.top());
        return true;
      case Opcode::kBinPut:
        memo_[reader_.number<uint8_t>()] = stack_.top();
        return true;
      case Opcode::kLongBinPut:
        memo_[reader_.number<uint32_t>()] = stack_.top();
        return true;
      case Opcode::kMemoize:
        memo_[static_cast<uint32_t>(memo_.size())] = stack_.top();
        return true;
      case Opcode::kBinGet:
        recall(reader_.number<uint8_t>());
        return true;
      case Opcode::kLongBinGet:
        recall(reader_.number<uint32_t>());
        return true;
      case Opcode::kFrame:
        reader_.number<uint64_t>();  // a hint for buffered readers
        return true;
      default:
        return false;
    }
  }

  void recall(uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) {
      reader_.fail(fmt::format("pickle: memo {} is read before it is set", index));
    }
    stack_.push(found->second);
  }

  void push_call(std::vector<NodeId> callable_and_arguments) {
    callable_and_arguments.push_back(kNoNode);
    push({.kind = Kind::kCall, .items = std::move(callable_and_arguments)});
  }

  bool call(Opcode code) {
    switch (code) {
      case Opcode::kGlobal: {
        const std::string_view module = reader_.line();
        push({.kind = Kind::kGlobal, .text = module, .name = reader_.line()});
        return true;
      }
      case Opcode::kStackGlobal: {
        const Node& name = graph_.at(stack_.pop());
        const Node& module = graph_.at(stack_.pop());
        if (name.kind != Kind::kText || module.kind != Kind::kText) {
          reader_.fail("pickle: a global is named by what is no text");
        }
        push({.kind = Kind::kGlobal, .text = module.text, .name = name.text});
        return true;
      }
      case Opcode::kReduce:
      case Opcode::kNewObject:
        push_call(stack_.pop(2));
        return true;
      case Opcode::kNewObjectKeywords:
        stack_.pop();
        push_call(stack_.pop(2));
        return true;
      case Opcode::kBuild:
        stack_.pop();
        stack_.top();
        return true;
      case Opcode::kBinPersistentId:
        push({.kind = Kind::kPersistent, .items = stack_.pop(1)});
        return true;
      default:
        return false;
    }
  }

  ByteReader reader_;
  Stack stack_;
  Limits limits_;
  Graph graph_;
  std::unordered_map<uint32_t, NodeId> memo_;
};

}  // namespace

Graph read_pickle(std::span<const std::byte> bytes, const std::string& where,
                  const Limits& limits) {
  return Machine(bytes.first(std::min<size_t>(bytes.size(), limits.bytes)), where, limits).run();
}

}  // namespace checkpoint::pickle
