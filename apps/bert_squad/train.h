#pragma once

#include <CLI/CLI.hpp>

namespace apps {

/// Adds `train`: fine-tunes the model of --model_file on the questions of --train_file.
/// --output_dir then holds the model (model.safetensors, config.json, vocab.txt), loss_curve.csv
/// and its picture, report.md and checkpoints/. Running it throws as training_config,
/// open_pretrained, load_model, read_questions and check_output_folder do.
void add_train(CLI::App& program);

}  // namespace apps
