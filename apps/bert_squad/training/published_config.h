#pragma once

#include <string_view>

namespace apps::published {

/// configs/deepspeed_bsz24_config.json, embedded into the program by cmake/EmbedFiles.cmake: what
/// trains where no --deepspeed_config is given, in whatever folder.
extern const std::string_view kDeepspeedBsz24ConfigJson;

}  // namespace apps::published
