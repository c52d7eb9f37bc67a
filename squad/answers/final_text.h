#pragma once

#include <string>
#include <string_view>

#include "squad/text/basic_tokenizer.h"

namespace squad {

/// The part of `original` (a piece of the context as it is written) that `predicted` (the same
/// piece or less of it, as tokens joined by spaces) stands for: "Steve Smith's" and "steve smith"
/// give "Steve Smith". get_final_text of google-research/bert's run_squad.py.
///
/// Characters are paired off by their number without spaces; where the tokenizer changed that
/// number, or `predicted` is empty or not found, it is all of `original`. Both are UTF-8.
std::string final_text(std::string_view predicted, std::string_view original,
                       const BasicTokenizer& tokenizer);

}  // namespace squad
