#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "squad/examples/examples.h"
#include "squad/features/window.h"
#include "squad/text/tokenizer.h"

namespace apps {

/// How questions become windows, as the command line says it.
struct QuestionOptions {
  std::filesystem::path vocabulary;
  std::filesystem::path cache;  ///< --cache_dir; empty: this user's, where sweeps keep theirs
  bool no_cache = false;
  bool lower_case = false;
  squad::Compat compat = squad::Compat::kGoogle;
  squad::WindowOptions windows;
};

/// Adds --vocab_file (required where `needs_vocabulary`), --do_lower_case, --compat,
/// --max_seq_length, --doc_stride, --max_query_length, --cache_dir and --no_cache.
void add_question_options(CLI::App& command, QuestionOptions& options, bool needs_vocabulary);

/// A file of questions with all that was made of it.
struct Questions {
  squad::Examples examples;
  squad::WindowSet windows;
  std::vector<std::string> remarks;  ///< for the user: questions left out, where the cache lies
};

/// Reads `file` and cuts it into windows, or takes them from the cache; remarks say so only of one
/// that --cache_dir names. Throws SquadError, and checkpoint::SafetensorsError where the cache
/// cannot be written.
Questions read_questions(const std::filesystem::path& file, squad::Purpose purpose,
                         const squad::Tokenizer& tokenizer, const QuestionOptions& options);

/// One line each on standard error; only the first of many.
void say(const std::vector<std::string>& remarks);

}  // namespace apps
