#pragma once

#include <cstdint>
#include <vector>

namespace model {

/// A start or end position that takes no part in the loss.
inline constexpr int64_t kIgnoredTarget = -100;

/// One tokenized sequence on the host, without padding.
struct Window {
  std::vector<int64_t> input_ids;
  std::vector<int64_t> token_type_ids;
  int64_t start_position = kIgnoredTarget;
  int64_t end_position = kIgnoredTarget;

  bool operator==(const Window&) const = default;
};

}  // namespace model
