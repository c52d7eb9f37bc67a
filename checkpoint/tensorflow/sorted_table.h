#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace checkpoint::tensorflow {

/// What an index may take; the whole index of BERT-large with its optimizer has 60 KB.
struct TableLimits {
  uint64_t block_bytes = 16 << 20;   ///< of one block, unpacked
  uint64_t total_bytes = 256 << 20;  ///< of all keys and values
  uint64_t entries = 1'000'000;
};

/// All keys and values of a LevelDB table (LevelDB's doc/table_format.md), in its order: the index
/// of a TensorFlow checkpoint. Blocks may be packed with Snappy; their CRCs are checked. Throws
/// CheckpointError, beginning with `where`: not such a table, truncated, damaged, keys out of
/// order, over the limits.
std::vector<std::pair<std::string, std::string>> read_sorted_table(std::span<const std::byte> table,
                                                                   const std::string& where,
                                                                   const TableLimits& limits);

}  // namespace checkpoint::tensorflow
