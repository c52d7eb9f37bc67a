#include "checkpoint/safetensors_writer.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace checkpoint {
namespace {

constexpr std::size_t kAlignment = 8;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw SafetensorsError(fmt::format("{}: {}", file.string(), what));
}

/// A file beside its final place that is removed unless `finish` puts it there.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target) : target_(target), path_(target) {
    path_ += fmt::format(".{}.tmp", ::getpid());
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail_to_write();
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!finished_) ::unlink(path_.c_str());
  }

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count >= 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(count));
      } else if (errno != EINTR) {
        fail_to_write();
      }
    }
  }

  void finish() {
    if (::fsync(descriptor_) != 0) fail_to_write();
    if (::close(std::exchange(descriptor_, -1)) != 0) fail_to_write();
    if (::rename(path_.c_str(), target_.c_str()) != 0) fail_to_write();
    finished_ = true;
  }

 private:
  [[noreturn]] void fail_to_write() const {
    const std::string reason = std::generic_category().message(errno);
    if (descriptor_ < 0) ::unlink(path_.c_str());
    fail(target_, fmt::format("cannot write: {}; nothing was left of the new file", reason));
  }

  std::filesystem::path target_;
  std::filesystem::path path_;
  int descriptor_ = -1;
  bool finished_ = false;
};

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
  TemporaryFile temporary(file);
  temporary.write(bytes_of(header_of(tensors, metadata)));
  for (const TensorView& tensor : tensors) temporary.write(tensor.bytes);
  temporary.finish();
}

}  // namespace checkpoint
