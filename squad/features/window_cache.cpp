#include "squad/features/window_cache.h"

#include <cstring>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include "checkpoint/safetensors.h"
#include "checkpoint/safetensors_writer.h"
#include "squad/features/make_windows.h"
#include "squad/features/window_table.h"
#include "squad/squad_error.h"

namespace squad {
namespace {

using checkpoint::bytes_of;
using checkpoint::Dtype;
using checkpoint::SafetensorsFile;
using checkpoint::TensorView;

/// Counts up when make_windows or the file's layout changes.
constexpr int kVersion = 1;

std::string key_of(const Examples& examples, const Tokenizer& tokenizer,
                   const WindowOptions& options) {
  return fmt::format(
      "version {}, questions {:016x}, vocabulary {:016x}, lower_case {}, compat {}, "
      "max_seq_length {}, doc_stride {}, max_query_length {}",
      kVersion, examples.content_hash, tokenizer.vocabulary().content_hash(),
      tokenizer.lower_case(), tokenizer.compat() == Compat::kBing ? "bing" : "google",
      options.max_seq_length, options.doc_stride, options.max_query_length);
}

std::vector<TensorView> tensors_of(const WindowTable& table) {
  const auto array = [](const char* name, const std::vector<int32_t>& values) {
    return TensorView{name, Dtype::kI32, {static_cast<int64_t>(values.size())}, bytes_of(values)};
  };
  return {array("windows", table.windows),
          array("input_ids", table.input_ids),
          array("word_of_token", table.word_of_token),
          array("textless", table.textless),
          {"is_max_context",
           Dtype::kU8,
           {static_cast<int64_t>(table.is_max_context.size())},
           bytes_of(table.is_max_context)}};
}

std::string checksum_of(const WindowTable& table) {
  XXH64_hash_t hash = 0;
  for (const TensorView& tensor : tensors_of(table)) {
    hash = XXH3_64bits_withSeed(tensor.bytes.data(), tensor.bytes.size(), hash);
  }
  return fmt::format("{:016x}", hash);
}

template <class T>
std::vector<T> read_array(const SafetensorsFile& file, const char* name, Dtype dtype) {
  const checkpoint::TensorInfo& tensor = file.header().at(name);
  if (tensor.dtype != dtype) {
    throw SquadError(fmt::format("tensor '{}' is not {}", name, checkpoint::dtype_name(dtype)));
  }
  std::vector<T> values(static_cast<std::size_t>(tensor.elements()));
  if (!values.empty()) std::memcpy(values.data(), file.bytes(tensor).data(), tensor.bytes);
  return values;
}

std::string metadata_of(const SafetensorsFile& file, const char* name) {
  const auto found = file.header().metadata.find(name);
  return found == file.header().metadata.end() ? "" : found->second;
}

WindowSet read(const std::filesystem::path& path, const std::string& key, const Examples& examples,
               const WindowOptions& options) {
  const SafetensorsFile file(path);
  if (metadata_of(file, "key") != key) throw SquadError("it was made of something else");
  const WindowTable table{.windows = read_array<int32_t>(file, "windows", Dtype::kI32),
                          .input_ids = read_array<int32_t>(file, "input_ids", Dtype::kI32),
                          .word_of_token = read_array<int32_t>(file, "word_of_token", Dtype::kI32),
                          .is_max_context = read_array<uint8_t>(file, "is_max_context", Dtype::kU8),
                          .textless = read_array<int32_t>(file, "textless", Dtype::kI32)};
  if (metadata_of(file, "checksum") != checksum_of(table)) {
    throw SquadError("its checksum is wrong");
  }
  return from_table(table, options, examples.purpose == Purpose::kTraining,
                    examples.examples.size());
}

void write(const std::filesystem::path& file, const std::string& key, const WindowSet& set) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) {
    throw SquadError(fmt::format("{}: cannot create this directory: {}; give another",
                                 file.parent_path().string(), error.message()));
  }
  const WindowTable table = to_table(set);
  checkpoint::write_safetensors(file, tensors_of(table),
                                {{"key", key}, {"checksum", checksum_of(table)}});
}

}  // namespace

CachedWindows cached_windows(const Examples& examples, const Tokenizer& tokenizer,
                             const WindowOptions& options, const std::filesystem::path& directory) {
  const std::string key = key_of(examples, tokenizer, options);
  CachedWindows result;
  result.file =
      directory / fmt::format("windows-{:016x}.safetensors", XXH3_64bits(key.data(), key.size()));
  std::error_code error;
  if (std::filesystem::exists(result.file, error)) {
    try {
      result.set = read(result.file, key, examples, options);
      result.found = true;
      return result;
    } catch (const std::runtime_error& unusable) {
      result.remark = fmt::format("{}: made again, because the file could not be used: {}",
                                  result.file.string(), unusable.what());
    }
  }
  result.set = make_windows(examples, tokenizer, options);
  write(result.file, key, result.set);
  return result;
}

}  // namespace squad
