#pragma once

#include <array>
#include <string>
#include <string_view>

#include "json/error.h"
#include "train/config/deepspeed_json.h"

namespace train {

inline constexpr std::array<std::string_view, 2> kKernelFlags = {"gelu_checkpoint",
                                                                 "normalize_invertible"};

/// Of the file "c.json", for one process.
inline EngineConfig parsed(const std::string& text) {
  return parse_deepspeed_config(text, "c.json", 1, kKernelFlags);
}

/// A configuration with the least that one needs, and `more` keys.
inline std::string with(const std::string& more) {
  return R"({"train_batch_size": 24, "optimizer": {"type": "Adam"}, )" + more + "}";
}

inline std::string error_of(const std::string& text) {
  try {
    parsed(text);
  } catch (const json::Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace train
