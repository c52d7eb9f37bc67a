#include "checkpoint/deepspeed/checkpoint_folder.h"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/latest_tag.h"

namespace checkpoint::deepspeed {
namespace {

constexpr const char* kModelStates = "mp_rank_00_model_states.pt";
constexpr const char* kSecondPart = "mp_rank_01_model_states.pt";
constexpr const char* kZero3Part = "zero_pp_rank_0_mp_rank_00_model_states.pt";

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

}  // namespace

bool is_checkpoint_folder(const std::filesystem::path& folder) {
  return is_there(folder / kLatestTag) || has_model_states(folder);
}

std::filesystem::path model_states_file(const std::filesystem::path& folder) {
  const std::filesystem::path states =
      has_model_states(folder) ? folder : folder / read_latest_tag(folder / kLatestTag);
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
