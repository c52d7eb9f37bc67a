#pragma once

#include <span>
#include <string_view>

#include "json/node.h"

namespace train {

/// Throws json::Error that names every key of a DeepSpeed configuration which nothing here reads,
/// `kernel_flags` being the keys of its "transformer_kernel". Values are not looked at.
void require_supported_keys(const json::Node& root, std::span<const std::string_view> kernel_flags);

}  // namespace train
