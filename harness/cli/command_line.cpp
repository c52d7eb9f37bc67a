#include "harness/cli/command_line.h"

#include <filesystem>
#include <new>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <signal.h>

#include "bench_build_info.h"
#include "harness/cli/cell_command.h"
#include "harness/cli/compare_command.h"
#include "harness/cli/completion_command.h"
#include "harness/cli/doctor_command.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/gate_command.h"
#include "harness/cli/list_command.h"
#include "harness/cli/man_page.h"
#include "harness/cli/manual.h"
#include "harness/cli/merge_command.h"
#include "harness/cli/plan_command.h"
#include "harness/cli/report_command.h"
#include "harness/cli/self_test_command.h"
#include "harness/cli/sweep_command.h"
#include "harness/cli/tune_command.h"
#include "harness/harness_error.h"
#include "harness/launch/process.h"
#include "harness/spec/nearest_name.h"
#include "harness/spec/sweep_spec.h"
#include "machine/memory_shortage.h"

namespace harness {

const std::map<std::string, CommandFunction>& commands() {
  static const std::map<std::string, CommandFunction> instance = {
      {"run", sweep_command},       {"list", list_command},
      {"plan", plan_command},       {"report", report_command},
      {"merge", merge_command},     {"cell", cell_command},
      {"doctor", doctor_command},   {"completion", completion_command},
      {"gate", gate_command},       {"selftest", self_test_command},
      {"compare", compare_command}, {"tune", tune_command},
  };
  return instance;
}

namespace {

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const auto& command : commands()) names.push_back(command.first);
  return names;
}

int dispatch(const Arguments& arguments, const Context& context) {
  if (arguments.empty()) {
    throw UsageError("no sweep file; usage: bench_sweep SPEC, or `bench_sweep --help`");
  }
  const auto& first = arguments.front();
  if (first == "--help" || first == "-h") {
    context.out << manual_page("bench_sweep");
    return kExitDone;
  }
  if (first == "--man") {
    context.out << man_page(manual_pages(), kBuildVersion);
    return kExitDone;
  }
  if (first == "--version") {
    fmt::print(context.out, "bench_sweep {} ({}{})\n", kBuildVersion, kBuildCommit,
               kBuildDirty ? ", changed" : "");
    return kExitDone;
  }
  const auto command = commands().find(first);
  if (command == commands().end()) {
    if (!first.starts_with('-') && !std::filesystem::exists(first)) {
      throw UsageError(fmt::format(
          "unknown command or missing sweep file '{}' ({}); `bench_sweep --help` says what the "
          "commands do",
          first, suggest(first, command_names())));
    }
    return sweep_command(arguments, context);
  }
  return command->second(Arguments(arguments.begin() + 1, arguments.end()), context);
}

}  // namespace

int run_command_line(const Arguments& arguments, const Context& context) {
  const auto fail = [&](const char* what, Outcome outcome) {
    fmt::print(context.error, "bench_sweep: {}\n", what);
    return exit_status(outcome);
  };
  machine::exit_on_memory_shortage("bench_sweep", kExitHarness);
  ::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error like a full disk
  try {
    const int status = dispatch(arguments, context);
    if (!context.out.flush()) {
      throw HarnessError("cannot write to standard output; see whether its disk is full");
    }
    return status;
  } catch (const UsageError& error) {
    return fail(error.what(), {.usage_error = true});
  } catch (const SpecError& error) {
    return fail(error.what(), {.usage_error = true});
  } catch (const Interrupted& error) {
    return fail(error.what(), {.interrupted = true});
  } catch (const std::bad_alloc&) {
    return fail(machine::kMemoryShortage, {.harness_failed = true});
  } catch (const std::exception& error) {
    return fail(error.what(), {.harness_failed = true});
  }
}

}  // namespace harness
