#include "harness/cli/progress.h"

#include <cstdio>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/cli/progress_text.h"

namespace harness {
namespace {

std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

Progress::Mode Progress::mode_for_stderr(bool quiet) {
  if (quiet) return Mode::kQuiet;
  return ::isatty(STDERR_FILENO) != 0 ? Mode::kTerminal : Mode::kLines;
}

Progress::Progress(Mode mode, const Schedule& schedule, std::vector<std::string> axes)
    : mode_(mode),
      time_left_(schedule),
      axes_(std::move(axes)),
      launches_(schedule.launches.size()) {}

Progress::~Progress() {
  clear();
}

void Progress::checking(const std::string& combination) {
  draw("checking correctness: " + combination);
}

void Progress::started(const Launch& launch, const Cell& cell) {
  ++launch_;
  draw(running_text({launch_, launches_, time_left_.seconds()}, cell, launch.round, axes_));
}

void Progress::finished(const Launch& launch, const Record& record, double seconds) {
  time_left_.finished(launch.cell, seconds);
  if (record.status != Status::kPassed) time_left_.dropped(launch.cell);
  const auto text = finished_text({launch_, launches_, time_left_.seconds()}, record, axes_);
  if (mode_ == Mode::kLines || record.status != Status::kPassed) {
    print(text);
  } else {
    draw(text);
  }
}

void Progress::passed_over(const Launch& launch) {
  ++launch_;
  time_left_.dropped(launch.cell);
}

void Progress::draw(const std::string& text) const {
  if (mode_ != Mode::kTerminal) return;
  fmt::print(stderr, "\r\x1b[K{}", shorten(text, terminal_columns() - 1));
  std::fflush(stderr);
}

void Progress::print(const std::string& text) const {
  if (mode_ == Mode::kQuiet) return;
  clear();
  fmt::print(stderr, "{}\n", text);
}

void Progress::clear() const {
  if (mode_ == Mode::kTerminal) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace harness
