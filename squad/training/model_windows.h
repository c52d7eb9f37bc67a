#pragma once

#include <vector>

#include "model/window.h"
#include "squad/features/window.h"

namespace squad {

/// The windows of `set`, made for training, as a model trains on them: the paragraph and what
/// closes it have token type 1. The target of a window without its answer is [CLS] with
/// `Compat::kGoogle`; a raw position of `Compat::kBing` is treated as BingBertSquad's model treats
/// it: before the window it becomes [CLS], beyond the window it is ignored.
std::vector<model::Window> training_windows(const WindowSet& set);

/// The same without targets, for prediction.
std::vector<model::Window> prediction_windows(const WindowSet& set);

}  // namespace squad
