// Any bytes as a file of torch.save (zip): opened, and every tensor read.
#include <cstddef>
#include <cstdint>
#include <span>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/pytorch/zip_file.h"
#include "tests/fuzz/read_all.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto bytes = std::as_bytes(std::span(data, size));
    checkpoint::read_all(*checkpoint::pytorch::open_zip_bytes(bytes, "fuzz"), size);
  } catch (const checkpoint::CheckpointError&) {
  }
  return 0;
}
