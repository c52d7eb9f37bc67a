// bert_squad: BERT on SQuAD v1.1. A file a command; this one registers them and turns what they
// throw into one line and an exit status: 0 done, 2 arguments or files that cannot be used, 1
// anything else.
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "apps/bert_squad/convert.h"
#include "apps/bert_squad/evaluate.h"
#include "apps/bert_squad/features.h"
#include "apps/bert_squad/inspect.h"
#include "apps/bert_squad/model_commands.h"
#include "checkpoint/checkpoint_error.h"
#include "files/file_error.h"
#include "harness/harness_error.h"
#include "harness/spec/sweep_spec.h"
#include "machine/memory_shortage.h"
#include "squad/squad_error.h"

namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

/// Says the first line of `what`: LibTorch's errors go on with a backtrace.
int fail(std::string_view what, int status) {
  fmt::print(stderr, "bert_squad: {}\n", what.substr(0, what.find('\n')));
  return status;
}

template <class... Errors>
bool is_any(const std::exception& error) {
  return (... || (dynamic_cast<const Errors*>(&error) != nullptr));
}

std::string_view words_of(const std::exception& error) {
  return is_any<std::bad_alloc>(error) ? machine::kMemoryShortage : error.what();
}

int status_of(const std::exception& error) {
  const bool is_usage =
      is_any<squad::SquadError, checkpoint::CheckpointError, files::FileError, harness::UsageError,
             harness::SpecError, std::invalid_argument>(error);
  return is_usage ? kExitUsage : kExitFailed;
}

void add_commands(CLI::App& program) {
  apps::add_model_commands(program);
  apps::add_evaluate(program);
  apps::add_features(program);
  apps::add_convert(program);
  apps::add_inspect(program);
}

}  // namespace

int main(int count, char** values) {
  machine::exit_on_memory_shortage("bert_squad", kExitFailed);
  ::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error like a full disk
  try {
    CLI::App program("BERT on SQuAD v1.1: questions to answers to scores.", "bert_squad");
    program.require_subcommand(1);
    add_commands(program);
    try {
      program.parse(count, values);
    } catch (const CLI::Success& help) {
      return program.exit(help);
    } catch (const CLI::ParseError& error) {
      return fail(fmt::format("{}; see bert_squad --help", error.what()), kExitUsage);
    }
    if (!std::cout.flush()) throw std::runtime_error("cannot write to standard output");
    return 0;
  } catch (const std::exception& error) {
    apps::let_first_process_speak();
    const int status = fail(words_of(error), status_of(error));
    apps::end_other_processes(status);
    return status;
  }
}
