#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/bert_squad/questions.h"
#include "apps/bert_squad/training/train_options.h"
#include "squad/text/vocabulary.h"
#include "train/config/engine_config.h"

namespace apps {

/// What decides the losses of a training, as names and values, in the order of its report.
using Settings = std::vector<std::pair<std::string, std::string>>;

Settings training_settings(const TrainOptions& options, const train::EngineConfig& config,
                           const Questions& questions, const squad::Vocabulary& vocabulary);

}  // namespace apps
