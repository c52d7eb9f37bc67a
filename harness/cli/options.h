#pragma once

#include <filesystem>
#include <optional>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "harness/cli/context.h"
#include "harness/cli/device_use.h"
#include "harness/cli/status_line.h"
#include "harness/plan/cell_filter.h"
#include "harness/plan/shard.h"
#include "harness/protocol/cell.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// Alone, asks a command for its options: prints option_words() of them.
inline constexpr const char* kListOptions = "--list-options";

/// The worker program at `path`, as an absolute path. Throws UsageError where nothing can be run
/// there; `remedy` says what to do then.
std::filesystem::path worker_at(const std::filesystem::path& path, const std::string& remedy);

/// A validator of CLI11's for options that name a path: an error where it is empty, else "".
std::string not_empty(const std::string& value);

/// The options of one command, and those that several commands have in common.
class Options {
 public:
  /// `command`: the name of its manual page.
  explicit Options(std::string command);

  CLI::App& app() { return app_; }
  /// Adds SPEC, --memory-limit and --filter.
  void add_sweep();
  /// Adds --out.
  void add_out();
  /// Adds --shard.
  void add_shard();
  /// Adds --worker.
  void add_worker();
  /// Adds --quiet.
  void add_quiet();
  /// Adds --when-busy.
  void add_when_busy();

  /// Returns false where the user asked for the manual page, or a completion script for the
  /// options (kListOptions), which are then printed.
  /// Throws UsageError where the arguments do not fit.
  bool parse(Arguments arguments, std::ostream& out);

  /// The sweep file, with --memory-limit in place of its own limit. Throws SpecError.
  SweepSpec sweep(const Catalog& catalog) const;
  /// What --filter keeps of that sweep; every cell without it. Throws SpecError.
  CellFilter filter(const SweepSpec& spec, const Catalog& catalog) const;
  /// What --out names, if anything.
  std::optional<std::filesystem::path> out() const;
  /// The part of the sweep that --shard names, if any. Throws UsageError.
  std::optional<Shard> shard() const;
  /// The worker program that --worker names, or that of `device` beside this program. Throws
  /// UsageError where there is none.
  std::filesystem::path worker(const Device& device) const;
  /// How much progress to show on standard error.
  StatusLine::Mode progress() const;
  /// Whether to wait where another process measures on the device.
  WhenBusy when_busy() const;

 private:
  std::string command_;
  CLI::App app_;
  std::filesystem::path spec_;
  std::filesystem::path out_;
  std::filesystem::path worker_;
  std::optional<std::string> memory_limit_;
  std::optional<std::string> filter_;
  bool quiet_ = false;
  std::optional<std::string> shard_;
  std::string when_busy_ = "wait";
};

}  // namespace harness
