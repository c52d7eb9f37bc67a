#include "harness/cli/status_line.h"

#include <cstdio>

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

StatusLine::Mode StatusLine::mode_for_stderr(bool quiet) {
  if (quiet) return Mode::kQuiet;
  return ::isatty(STDERR_FILENO) != 0 ? Mode::kTerminal : Mode::kLines;
}

void StatusLine::draw(const std::string& text) const {
  if (mode_ != Mode::kTerminal) return;
  fmt::print(stderr, "\r\x1b[K{}", shorten(text, terminal_columns() - 1));
  std::fflush(stderr);
}

void StatusLine::print(const std::string& text) const {
  if (mode_ == Mode::kQuiet) return;
  clear();
  fmt::print(stderr, "{}\n", text);
}

void StatusLine::clear() const {
  if (mode_ == Mode::kTerminal) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace harness
