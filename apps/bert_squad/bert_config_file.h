#pragma once

#include <string>

#include "model/bert_config.h"

namespace apps {

/// `config` as HuggingFace's config.json says it, which read_bert_config reads back. Pre-LN has no
/// key there: such a model is told by --preln.
std::string bert_config_text(const model::BertConfig& config);

}  // namespace apps
