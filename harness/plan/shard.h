#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan/schedule.h"

namespace harness {

/// A part of a sweep that one of several processes or machines measures.
struct Shard {
  int64_t index = 1;  ///< from 1
  int64_t count = 1;
};

/// What a run's origin calls the shard that it is, where it is one.
inline constexpr const char* kShardFact = "shard";

/// "2/8": the second of eight. Throws std::invalid_argument, with a message for the user, where the
/// text is no shard.
Shard parse_shard(const std::string& text);
std::string to_string(const Shard& shard);

/// The shard, from 1, of every cell of a schedule that is split in `count`. Cells that are compared
/// with each other are in one shard. The comparisons with the most work go first, each to the shard
/// with the least so far; the result depends on the cells alone, not on the machine.
/// Throws std::invalid_argument, with a message for the user, where there are fewer comparisons
/// than shards.
std::vector<int64_t> assign_shards(const Schedule& schedule, int64_t count);

/// The cells and launches of one shard, in their order. Throws as assign_shards().
Schedule shard_of(const Schedule& schedule, const Shard& shard);

}  // namespace harness
