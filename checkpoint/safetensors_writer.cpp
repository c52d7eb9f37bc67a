#include "checkpoint/safetensors_writer.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "files/atomic_file.h"

namespace checkpoint {
namespace {

constexpr std::size_t kAlignment = 8;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw SafetensorsError(fmt::format("{}: {}", file.string(), what));
}

void check(const std::filesystem::path& file, const std::vector<TensorView>& tensors) {
  for (const TensorView& tensor : tensors) {
    uint64_t bytes = static_cast<uint64_t>(element_size(tensor.dtype));
    for (const int64_t size : tensor.shape) {
      if (size < 0 || __builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes)) {
        fail(file, fmt::format("tensor '{}' has an impossible shape", tensor.name));
      }
    }
    if (bytes != tensor.bytes.size()) {
      fail(file, fmt::format("tensor '{}' has {} bytes, but its dtype and shape need {}",
                             tensor.name, tensor.bytes.size(), bytes));
    }
    const auto same_name = [&tensor](const TensorView& other) { return other.name == tensor.name; };
    if (std::count_if(tensors.begin(), tensors.end(), same_name) != 1) {
      fail(file, fmt::format("tensor '{}' is given twice", tensor.name));
    }
  }
}

/// Length and header, padded with spaces.
std::string header_of(const std::vector<TensorView>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t begin = 0;
  for (const TensorView& tensor : tensors) {
    const uint64_t end = begin + tensor.bytes.size();
    header[tensor.name] = {{"dtype", dtype_name(tensor.dtype)},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  std::string length(kAlignment, '\0');
  for (std::size_t i = 0; i < kAlignment; ++i) {
    length[i] = static_cast<char>(text.size() >> (8 * i) & 0xFF);
  }
  return length + text;
}

}  // namespace

void write_safetensors(const std::filesystem::path& file, std::vector<TensorView> tensors,
                       const std::map<std::string, std::string>& metadata) {
  check(file, tensors);
  std::sort(tensors.begin(), tensors.end(), [](const TensorView& a, const TensorView& b) {
    return std::pair(-element_size(a.dtype), std::string_view(a.name)) <
           std::pair(-element_size(b.dtype), std::string_view(b.name));
  });
  try {
    files::AtomicFile out(file);
    out.write(bytes_of(header_of(tensors, metadata)));
    for (const TensorView& tensor : tensors) out.write(tensor.bytes);
    out.commit();
  } catch (const std::system_error& error) {
    fail(file,
         fmt::format("cannot write: {}; nothing was left of the new file", error.code().message()));
  }
}

}  // namespace checkpoint
