// bert_squad: BERT on SQuAD v1.1. A file a command; this one registers them and turns what they
// throw into one line and an exit status: 0 done, 2 arguments or files that cannot be used, 1
// anything else.
#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>

#include <fmt/format.h>

#include "apps/bert_squad/convert.h"
#include "apps/bert_squad/evaluate.h"
#include "apps/bert_squad/features.h"
#include "apps/bert_squad/inspect.h"
#include "checkpoint/checkpoint_error.h"
#include "files/file_error.h"
#include "squad/squad_error.h"

namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

int fail(const char* what, int status) {
  fmt::print(stderr, "bert_squad: {}\n", what);
  return status;
}

}  // namespace

int main(int count, char** values) {
  try {
    CLI::App program("BERT on SQuAD v1.1: questions to answers to scores.", "bert_squad");
    program.require_subcommand(1);
    apps::add_evaluate(program);
    apps::add_features(program);
    apps::add_convert(program);
    apps::add_inspect(program);
    try {
      program.parse(count, values);
    } catch (const CLI::Success& help) {
      return program.exit(help);
    } catch (const CLI::ParseError& error) {
      return fail(fmt::format("{}; see bert_squad --help", error.what()).c_str(), kExitUsage);
    }
    if (!std::cout.flush()) throw std::runtime_error("cannot write to standard output");
    return 0;
  } catch (const squad::SquadError& error) {
    return fail(error.what(), kExitUsage);
  } catch (const checkpoint::CheckpointError& error) {
    return fail(error.what(), kExitUsage);
  } catch (const files::FileError& error) {
    return fail(error.what(), kExitUsage);
  } catch (const std::exception& error) {
    return fail(error.what(), kExitFailed);
  }
}
