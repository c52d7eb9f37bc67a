#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/dtype.h"

namespace checkpoint::tensorflow {

/// TensorFlow's BundleHeaderProto, the value of the key "".
struct BundleHeader {
  uint64_t shards = 0;
  bool big_endian = false;
};

/// TensorFlow's BundleEntryProto (core/protobuf/tensor_bundle.proto): where a tensor's bytes are.
struct BundleEntry {
  std::optional<Dtype> dtype;  ///< nothing: one that is not read (strings, resources, ...)
  std::vector<int64_t> shape;
  uint64_t shard = 0;
  uint64_t offset = 0;
  uint64_t bytes = 0;
  uint32_t masked_crc = 0;
  bool sliced = false;  ///< a partitioned variable: its bytes stand under other keys
};

/// Throw CheckpointError, beginning with `where`, for what is no such message.
BundleHeader read_bundle_header(std::string_view message, const std::string& where);
BundleEntry read_bundle_entry(std::string_view message, const std::string& where);

}  // namespace checkpoint::tensorflow
