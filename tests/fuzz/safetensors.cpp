// Any bytes as a safetensors file: opened, and every tensor read.
#include <cstddef>
#include <cstdint>
#include <span>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/safetensors_tensor_file.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/read_all.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static MemoryFile file;
  file.assign(std::as_bytes(std::span(data, size)));
  try {
    checkpoint::read_all(*checkpoint::open_safetensors(file.path()), size);
  } catch (const checkpoint::CheckpointError&) {
  }
  return 0;
}
