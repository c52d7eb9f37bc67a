#include "squad/evaluation/prediction_file.h"

#include <fmt/format.h>

#include "squad/json/json_node.h"
#include "squad/text/text_file.h"

namespace squad {

Predictions parse_predictions(std::string_view text, const std::string& file) {
  const JsonNode root = JsonNode::parse(text, file);
  if (!root.value().is_object()) {
    root.fail(
        fmt::format("predictions are one object of ids and answer texts, not {}; give a "
                    "predictions.json",
                    root.value().type_name()));
  }
  Predictions predictions;
  for (const auto& [id, answer] : root.members()) {
    if (!answer.is_string()) {
      root.fail(
          fmt::format("the answer to {} is {}, not a string; give a predictions.json (not "
                      "nbest_predictions.json)",
                      in_quotes(id), answer.type_name()));
    }
    predictions.emplace(id, answer.get_ref<const std::string&>());
  }
  return predictions;
}

Predictions read_predictions(const std::filesystem::path& file) {
  return parse_predictions(read_text_file(file), file.string());
}

}  // namespace squad
