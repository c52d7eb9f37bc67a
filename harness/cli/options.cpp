#include "harness/cli/options.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/manual.h"
#include "harness/cli/option_words.h"
#include "harness/harness_error.h"
#include "harness/launch/worker_program.h"
#include "harness/spec/nearest_name.h"

namespace harness {
namespace {

std::filesystem::path beside_this_program(const std::string& name) {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / name;
}

/// What is wrong with the arguments; an option that `app` does not know, with the one that was
/// perhaps meant, before all that may follow from it.
std::string problem(const CLI::App& app, const CLI::ParseError& error) {
  const auto extras = app.remaining();
  const auto unknown = std::find_if(extras.begin(), extras.end(),
                                    [](const auto& extra) { return extra.starts_with('-'); });
  if (unknown == extras.end()) return std::string(error.what()) + ";";
  std::vector<std::string> names = {"--help"};
  for (const auto& option : parse_option_words(option_words(app))) {
    if (!option.is_argument()) names.push_back(option.name);
  }
  const auto hint = suggest(*unknown, names);
  return fmt::format("unknown option '{}'; {}{}", *unknown, hint, hint.ends_with('?') ? "" : ";");
}

}  // namespace

std::string not_empty(const std::string& value) {
  return value.empty() ? "needs a path, got an empty one" : "";
}

std::filesystem::path worker_at(const std::filesystem::path& path, const std::string& remedy) {
  if (::access(path.c_str(), X_OK) != 0 || std::filesystem::is_directory(path)) {
    throw UsageError(fmt::format("no worker program at {}; {}", path.string(), remedy));
  }
  return std::filesystem::absolute(path);
}

Options::Options(std::string command) : command_(std::move(command)) {
  app_.set_help_flag();  // the manual pages stand in for CLI11's own help
}

void Options::add_sweep() {
  app_.add_option("SPEC", spec_)->required();
  app_.add_option("--memory-limit", memory_limit_);
  app_.add_option("--filter", filter_);
}

void Options::add_out() {
  app_.add_option("--out", out_)->check(not_empty);
}

void Options::add_shard() {
  app_.add_option("--shard", shard_);
}

void Options::add_worker() {
  app_.add_option("--worker", worker_)->check(not_empty);
}

void Options::add_quiet() {
  app_.add_flag("--quiet", quiet_);
}

void Options::add_when_busy() {
  app_.add_option("--when-busy", when_busy_)->check(CLI::IsMember({"wait", "refuse"}));
}

bool Options::parse(Arguments arguments, std::ostream& out) {
  const auto is_help = [](const std::string& text) { return text == "-h" || text == "--help"; };
  if (std::any_of(arguments.begin(), arguments.end(), is_help)) {
    out << manual_page(command_);
    return false;
  }
  if (arguments == Arguments{kListOptions}) {
    out << option_words(app_);
    return false;
  }
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app_.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{} see `{} --help`", problem(app_, error), command_));
  }
  return true;
}

SweepSpec Options::sweep(const Catalog& catalog) const {
  auto spec = read_spec(spec_, catalog);
  if (memory_limit_) override_memory_limit(spec, *memory_limit_);
  return spec;
}

CellFilter Options::filter(const SweepSpec& spec, const Catalog& catalog) const {
  return filter_ ? CellFilter(*filter_, spec, catalog) : CellFilter();
}

std::optional<std::filesystem::path> Options::out() const {
  return out_.empty() ? std::nullopt : std::optional(out_);
}

std::filesystem::path Options::worker(const Device& device) const {
  return worker_at(worker_.empty() ? beside_this_program(worker_program(device)) : worker_,
                   "build it (`make build`) or name one with --worker");
}

StatusLine::Mode Options::progress() const {
  return StatusLine::mode_for_stderr(quiet_);
}

std::optional<Shard> Options::shard() const {
  if (!shard_) return std::nullopt;
  try {
    return parse_shard(*shard_);
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("--shard: {}", error.what()));
  }
}

WhenBusy Options::when_busy() const {
  return when_busy_ == "wait" ? WhenBusy::kWait : WhenBusy::kRefuse;
}

}  // namespace harness
