#include "squad/evaluation/prediction_file.h"

#include <fmt/format.h>

#include "files/text_file.h"
#include "json/node.h"

namespace squad {

Predictions parse_predictions(std::string_view text, const std::string& file) {
  const json::Node root = json::Node::parse(text, file);
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
                      json::in_quotes(id), answer.type_name()));
    }
    predictions.emplace(id, answer.get_ref<const std::string&>());
  }
  return predictions;
}

Predictions read_predictions(const std::filesystem::path& file) {
  return parse_predictions(files::read_text_file(file), file.string());
}

}  // namespace squad
