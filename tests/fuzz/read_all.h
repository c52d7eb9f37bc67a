#pragma once

#include "checkpoint/tensor_file.h"

namespace checkpoint {

/// Read every tensor of a fuzzed file. Files this small hold no tensor that is larger than they
/// are: more would mean that a description was believed.
inline void read_all(const TensorFile& file, size_t file_bytes) {
  for (size_t i = 0; i < file.tensors().size(); ++i) {
    if (file.tensors()[i].bytes > file_bytes) __builtin_trap();
    file.read(i);
  }
}

}  // namespace checkpoint
