#pragma once

#include <cstdint>
#include <vector>

#include "squad/features/window.h"

namespace squad {

/// A WindowSet as a few flat arrays, which files hold.
struct WindowTable {
  /// kColumns numbers a window: example, index, tokens, paragraph_begin, start_position,
  /// end_position.
  std::vector<int32_t> windows;
  std::vector<int32_t> input_ids;  ///< all windows' one after the other, and so on
  std::vector<int32_t> word_of_token;
  std::vector<uint8_t> is_max_context;
  std::vector<int32_t> textless;

  static constexpr std::size_t kColumns = 6;
};

WindowTable to_table(const WindowSet& set);

/// The inverse. Throws SquadError where the arrays do not fit each other, or a window names no one
/// of `examples` examples.
WindowSet from_table(const WindowTable& table, const WindowOptions& options, bool training,
                     std::size_t examples);

}  // namespace squad
