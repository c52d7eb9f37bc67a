#include "apps/bert_squad/evaluate.h"

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "squad/evaluation/evaluation.h"
#include "squad/squad_error.h"

namespace apps {
namespace {

struct EvaluateOptions {
  std::filesystem::path data;
  std::filesystem::path predictions;
};

void evaluate(const EvaluateOptions& options) {
  const squad::AnswerKey key = squad::read_answer_key(options.data);
  const squad::Predictions predictions = squad::read_predictions(options.predictions);
  const squad::Evaluation evaluation = squad::evaluate(key, predictions);
  if (!predictions.empty() && evaluation.unanswered.size() == evaluation.questions) {
    throw squad::SquadError(
        fmt::format("{}: none of its {} ids is a question of {}; give the predictions of this data",
                    options.predictions.string(), predictions.size(), options.data.string()));
  }
  for (const std::string& line : squad::remarks(key, evaluation)) {
    fmt::print(stderr, "bert_squad: {}\n", line);
  }
  std::cout << squad::scores_line(evaluation) << '\n';
}

}  // namespace

void add_evaluate(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "evaluate", "Print exact match and F1 of predictions, as evaluate-v1.1 computes them");
  const auto options = std::make_shared<EvaluateOptions>();
  command->add_option("DATA", options->data, "SQuAD v1.1 file, .json or .json.xz")->required();
  command->add_option("PREDICTIONS", options->predictions, "predictions.json: ids to answer texts")
      ->required();
  command->callback([options] { evaluate(*options); });
}

}  // namespace apps
