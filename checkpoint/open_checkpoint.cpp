#include "checkpoint/open_checkpoint.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/deepspeed/checkpoint_folder.h"
#include "checkpoint/file_mapping.h"
#include "checkpoint/latest_tag.h"
#include "checkpoint/pytorch/legacy_file.h"
#include "checkpoint/pytorch/zip_file.h"
#include "checkpoint/safetensors_tensor_file.h"
#include "checkpoint/tensorflow/bundle_file.h"

namespace checkpoint {
namespace {

using std::filesystem::path;

[[noreturn]] void fail(const path& file, const std::string& what) {
  throw CheckpointError(fmt::format("{}: {}", file.string(), what));
}

bool is_there(const path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

bool is_folder(const path& file) {
  std::error_code ignored;
  return std::filesystem::is_directory(file, ignored);
}

/// What a file that nothing reads might be, for the message.
std::string guess(std::string_view text) {
  constexpr size_t kTarMagic = 257;
  constexpr std::string_view kTableMagic("\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8);
  if (text.empty()) return "it is empty";
  if (text.starts_with("version https://git-lfs")) {
    return "a Git LFS pointer, not the file itself; fetch it with git lfs pull";
  }
  if (text.starts_with("<!DOCTYPE") || text.starts_with("<!doctype") || text.starts_with("<html")) {
    return "a web page; the download went wrong";
  }
  if (text.size() > kTarMagic + 5 && text.substr(kTarMagic, 5) == "ustar") {
    return "a tar archive, as PyTorch wrote before 0.1.10; load and save it with a newer PyTorch";
  }
  if (text.ends_with(kTableMagic)) {
    return "a TensorFlow V1 checkpoint (or an index under another name); restore and save it with "
           "tf.compat.v1.train.Saver, which writes V2";
  }
  return "no weight file: neither PyTorch (zip or legacy), safetensors nor TensorFlow";
}

std::unique_ptr<TensorFile> open_file(const path& file) {
  const FileMapping mapping(file);
  const auto bytes = mapping.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("PK\x03\x04")) return pytorch::open_zip_file(file);
  if (pytorch::is_legacy(bytes)) return pytorch::open_legacy_file(file);
  if ((text.size() > 8 && text[8] == '{') || file.extension() == ".safetensors") {
    return open_safetensors(file);
  }
  fail(file, guess(text));
}

/// The only TensorFlow index of a folder; empty where there is none.
path find_index(const path& folder) {
  std::vector<path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".index") found.push_back(entry.path());
  }
  if (error) fail(folder, fmt::format("cannot read: {}", error.message()));
  if (found.size() > 1) {
    std::sort(found.begin(), found.end());
    fail(folder, fmt::format("it holds {} TensorFlow checkpoints; give one, for example {}",
                             found.size(), path(found[0]).replace_extension().string()));
  }
  return found.empty() ? path() : found[0];
}

std::unique_ptr<TensorFile> open_folder(const path& folder) {
  for (const char* name : {kModelWeights, "pytorch_model.bin"}) {
    if (is_there(folder / name)) return open_file(folder / name);
    const path shards = folder / (std::string(name) + ".index.json");
    if (is_there(shards)) fail(shards, "weights split over several files are not read");
  }
  const path latest = folder / kLatestTag;
  if (is_there(latest)) {
    const path weights = folder / read_latest_tag(latest) / kModelWeights;
    if (is_there(weights)) return open_file(weights);
  }
  if (deepspeed::is_checkpoint_folder(folder)) {
    return open_file(deepspeed::model_states_file(folder));
  }
  const path index = find_index(folder);
  if (!index.empty()) return tensorflow::open_bundle(path(index).replace_extension());
  fail(folder,
       "no weights in this folder: neither model.safetensors, pytorch_model.bin, latest nor "
       "a TensorFlow index");
}

}  // namespace

std::unique_ptr<TensorFile> open_checkpoint(const path& file) {
  if (is_folder(file)) return open_folder(file);
  if (file.extension() == ".index") return tensorflow::open_bundle(path(file).replace_extension());
  if (!is_there(file) && is_there(file.string() + ".index")) return tensorflow::open_bundle(file);
  return open_file(file);
}

}  // namespace checkpoint
