#include "checkpoint/tensorflow/bundle_entry.h"

#include <limits>

#include <fmt/format.h>

#include "checkpoint/byte_reader.h"
#include "checkpoint/checkpoint_error.h"

namespace checkpoint::tensorflow {
namespace {

constexpr size_t kMaxRank = 64;

/// One field of a protocol buffer: a number, or bytes.
struct Field {
  uint64_t id = 0;
  uint64_t number = 0;
  std::string_view bytes = {};
};

/// The fields of a message, one after the other (protobuf's wire types 0, 1, 2 and 5).
class Message {
 public:
  Message(std::string_view bytes, const std::string& where)
      : reader_(std::as_bytes(std::span(bytes.data(), bytes.size())), where) {}

  bool next(Field& field) {
    if (reader_.remaining() == 0) return false;
    const uint64_t tag = reader_.varint();
    field = {.id = tag >> 3};
    switch (tag & 7) {
      case 0:
        field.number = reader_.varint();
        return true;
      case 1:
        field.number = reader_.number<uint64_t>();
        return true;
      case 2:
        field.bytes = reader_.text(reader_.varint());
        return true;
      case 5:
        field.number = reader_.number<uint32_t>();
        return true;
      default:
        reader_.fail("a damaged description of a tensor");
    }
  }

 private:
  ByteReader reader_;
};

/// TensorFlow's DataType (core/framework/types.proto).
std::optional<Dtype> read_dtype(uint64_t type) {
  switch (type) {
    case 1:
      return Dtype::kF32;
    case 2:
      return Dtype::kF64;
    case 3:
      return Dtype::kI32;
    case 4:
      return Dtype::kU8;
    case 5:
      return Dtype::kI16;
    case 6:
      return Dtype::kI8;
    case 9:
      return Dtype::kI64;
    case 10:
      return Dtype::kBool;
    case 14:
      return Dtype::kBF16;
    case 17:
      return Dtype::kU16;
    case 19:
      return Dtype::kF16;
    case 22:
      return Dtype::kU32;
    case 23:
      return Dtype::kU64;
    default:
      return std::nullopt;
  }
}

/// TensorShapeProto: dimensions as messages 2 of a size 1.
std::vector<int64_t> read_shape(std::string_view message, const std::string& where) {
  std::vector<int64_t> shape;
  Message dimensions(message, where);
  for (Field dimension; dimensions.next(dimension);) {
    if (dimension.id != 2) continue;
    uint64_t size = 0;
    Message fields(dimension.bytes, where);
    for (Field field; fields.next(field);) {
      if (field.id == 1) size = field.number;
    }
    if (shape.size() >= kMaxRank ||
        size > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      throw CheckpointError(fmt::format("{}: an impossible shape", where));
    }
    shape.push_back(static_cast<int64_t>(size));
  }
  return shape;
}

}  // namespace

BundleHeader read_bundle_header(std::string_view message, const std::string& where) {
  BundleHeader header;
  Message fields(message, where);
  for (Field field; fields.next(field);) {
    if (field.id == 1) header.shards = field.number;
    if (field.id == 2) header.big_endian = field.number != 0;
  }
  return header;
}

BundleEntry read_bundle_entry(std::string_view message, const std::string& where) {
  BundleEntry entry;
  Message fields(message, where);
  for (Field field; fields.next(field);) {
    switch (field.id) {
      case 1:
        entry.dtype = read_dtype(field.number);
        break;
      case 2:
        entry.shape = read_shape(field.bytes, where);
        break;
      case 3:
        entry.shard = field.number;
        break;
      case 4:
        entry.offset = field.number;
        break;
      case 5:
        entry.bytes = field.number;
        break;
      case 6:
        entry.masked_crc = static_cast<uint32_t>(field.number);
        break;
      case 7:
        entry.sliced = true;
        break;
      default:
        break;
    }
  }
  return entry;
}

}  // namespace checkpoint::tensorflow
