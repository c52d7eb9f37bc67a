#pragma once

#include <string>
#include <vector>

#include "squad/examples/examples.h"
#include "squad/features/window.h"
#include "squad/text/tokenizer.h"

namespace squad {

/// Cuts every example into windows, in order.
///
/// In training, with `Compat::kGoogle` windows without the answer stay, with both positions 0. With
/// `Compat::kBing` a window is dropped where the answer's words, taken for tokens, lie outside of
/// it: BingBertSquad compares indices of words with bounds in tokens, so that some windows with the
/// answer go and some without it stay, with positions outside of them.
/// Throws SquadError where an option is not positive, or a question leaves no room for its
/// paragraph.
WindowSet make_windows(const Examples& examples, const Tokenizer& tokenizer,
                       const WindowOptions& options);

/// Throws SquadError where `set`, made of `examples`, has no window at all.
void require_windows(const WindowSet& set, const Examples& examples);

/// One line for each question of `examples` that has no window in `set`, which was made of them.
std::vector<std::string> textless_warnings(const WindowSet& set, const Examples& examples);

}  // namespace squad
