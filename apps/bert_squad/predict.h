#pragma once

#include <CLI/CLI.hpp>

namespace apps {

/// Adds `predict`: answers the questions of --predict_file with the model of --model_file, and
/// writes predictions.json and nbest_predictions.json to --output_dir, each whole or not at all.
/// Running it throws as read_questions, open_pretrained and load_model do, and files::FileError.
void add_predict(CLI::App& program);

}  // namespace apps
