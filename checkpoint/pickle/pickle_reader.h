#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "checkpoint/pickle/graph.h"

namespace checkpoint::pickle {

/// What a pickle may take. State dicts of BERT-large stay below a hundredth of each.
struct Limits {
  uint64_t bytes = 64 << 20;
  uint64_t opcodes = 4'000'000;
  uint64_t nodes = 1'000'000;
};

/// Read one pickle of protocol 2 to 5 at the beginning of `bytes`, which must outlive the graph;
/// more may follow it. A class or function stays a name and a call stays its arguments: nothing is
/// looked up and nothing runs; the state that BUILD sets is dropped. Throws CheckpointError (one
/// line, beginning with `where`) for what is truncated, malformed, over the limits, or uses opcodes
/// that PyTorch's files do not.
Graph read_pickle(std::span<const std::byte> bytes, const std::string& where, const Limits& limits);

}  // namespace checkpoint::pickle
