#include "harness/cli/options.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/manual.h"
#include "harness/harness_error.h"

namespace harness {
namespace {

std::filesystem::path worker_beside_this_program() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "bench_worker";
}

std::string not_empty(const std::string& value) {
  return value.empty() ? "needs a path, got an empty one" : "";
}

}  // namespace

Options::Options(std::string command) : command_(std::move(command)) {
  app_.set_help_flag();  // the manual pages stand in for CLI11's own help
}

void Options::add_sweep() {
  app_.add_option("SPEC", spec_)->required();
  app_.add_option("--memory-limit", memory_limit_);
}

void Options::add_out() {
  app_.add_option("--out", out_)->check(not_empty);
}

void Options::add_worker() {
  app_.add_option("--worker", worker_)->check(not_empty);
}

bool Options::parse(Arguments arguments, std::ostream& out) {
  const auto is_help = [](const std::string& text) { return text == "-h" || text == "--help"; };
  if (std::any_of(arguments.begin(), arguments.end(), is_help)) {
    out << manual_page(command_);
    return false;
  }
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app_.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}; see `{} --help`", error.what(), command_));
  }
  return true;
}

SweepSpec Options::sweep(const Catalog& catalog) const {
  auto spec = read_spec(spec_, catalog);
  if (memory_limit_) override_memory_limit(spec, *memory_limit_);
  return spec;
}

std::optional<std::filesystem::path> Options::out() const {
  return out_.empty() ? std::nullopt : std::optional(out_);
}

std::filesystem::path Options::worker() const {
  const auto path = worker_.empty() ? worker_beside_this_program() : worker_;
  if (::access(path.c_str(), X_OK) != 0 || std::filesystem::is_directory(path)) {
    throw UsageError(
        fmt::format("no worker program at {}; build it (`make build`) or name one with --worker",
                    path.string()));
  }
  return std::filesystem::absolute(path);
}

}  // namespace harness
