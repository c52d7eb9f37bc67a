// Any bytes as a TensorFlow checkpoint's index; and, because a fuzzer does not guess CRCs, as a
// block of one with the right CRC, plain and as Snappy, and as the description of a tensor.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/tensorflow/bundle_entry.h"
#include "checkpoint/tensorflow/sorted_table.h"
#include "tests/checkpoint/tensorflow/table_bytes.h"

namespace {

using checkpoint::pickle::as_bytes;

template <class Read>
void attempt(const Read& read) {
  try {
    read();
  } catch (const checkpoint::CheckpointError&) {
  }
}

void read_table(const std::string& table) {
  attempt([&] {
    for (const auto& entry :
         checkpoint::tensorflow::read_sorted_table(as_bytes(table), "fuzz", {})) {
      attempt([&] { checkpoint::tensorflow::read_bundle_entry(entry.second, "fuzz"); });
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace checkpoint::tensorflow;
  const std::string input(reinterpret_cast<const char*>(data), size);
  read_table(input);
  read_table(table(input));
  read_table(table_of_block(seal_as(input, 1)));
  attempt([&] { read_bundle_entry(input, "fuzz"); });
  attempt([&] { read_bundle_header(input, "fuzz"); });
  return 0;
}
