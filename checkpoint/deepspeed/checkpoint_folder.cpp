#include "checkpoint/deepspeed/checkpoint_folder.h"

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/printable.h"

namespace checkpoint::deepspeed {
namespace {

constexpr const char* kModelStates = "mp_rank_00_model_states.pt";
constexpr const char* kSecondPart = "mp_rank_01_model_states.pt";
constexpr const char* kZero3Part = "zero_pp_rank_0_mp_rank_00_model_states.pt";
constexpr size_t kMaxTag = 255;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw CheckpointError(fmt::format("{}: {}", file.string(), what));
}

bool is_there(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

bool has_model_states(const std::filesystem::path& folder) {
  return is_there(folder / kModelStates) || is_there(folder / kZero3Part);
}

/// The tag in `latest`: one name, which a file from elsewhere must not use to point elsewhere.
std::string read_tag(const std::filesystem::path& latest) {
  std::error_code error;
  const auto size = std::filesystem::file_size(latest, error);
  std::ifstream stream(latest, std::ios::binary);
  if (error || !stream) fail(latest, "cannot read");
  if (size > kMaxTag) fail(latest, "it should hold the name of a folder beside it, and is longer");
  std::string tag((std::istreambuf_iterator<char>(stream)), {});
  while (!tag.empty() && (tag.back() == '\n' || tag.back() == '\r' || tag.back() == ' ')) {
    tag.pop_back();
  }
  if (tag.empty() || tag == "." || tag == ".." ||
      tag.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos) {
    fail(latest, fmt::format("it should hold the name of a folder beside it, and holds {}",
                             printable(tag)));
  }
  return tag;
}

}  // namespace

bool is_checkpoint_folder(const std::filesystem::path& folder) {
  return is_there(folder / "latest") || has_model_states(folder);
}

std::filesystem::path model_states_file(const std::filesystem::path& folder) {
  const std::filesystem::path states =
      has_model_states(folder) ? folder : folder / read_tag(folder / "latest");
  if (is_there(states / kZero3Part) && !is_there(states / kModelStates)) {
    fail(states,
         "its weights are split by ZeRO stage 3; join them with DeepSpeed's zero_to_fp32.py "
         "and give the file that it writes");
  }
  if (is_there(states / kSecondPart)) {
    fail(states, "its weights are split over several model-parallel processes, which is not read");
  }
  if (!is_there(states / kModelStates)) {
    fail(states / kModelStates, "no such file; the file `latest` points there");
  }
  return states / kModelStates;
}

}  // namespace checkpoint::deepspeed
