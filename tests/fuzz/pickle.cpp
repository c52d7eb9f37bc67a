// Any bytes as a pickle: read, then searched for tensors.
#include <cstddef>
#include <cstdint>
#include <span>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/pickle/pickle_reader.h"
#include "checkpoint/pytorch/state_dict.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto bytes = std::as_bytes(std::span(data, size));
    checkpoint::pytorch::find_tensors(checkpoint::pickle::read_pickle(bytes, "fuzz", {}), "fuzz");
  } catch (const checkpoint::CheckpointError&) {
  }
  return 0;
}
