#pragma once

#include <string>

namespace harness {

/// One line on standard error that says where a program stands: on a terminal drawn over itself,
/// elsewhere only what is printed as a line of its own.
class StatusLine {
 public:
  enum class Mode { kQuiet, kLines, kTerminal };
  /// kQuiet where `quiet`; else what standard error is.
  static Mode mode_for_stderr(bool quiet);

  explicit StatusLine(Mode mode) : mode_(mode) {}
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { clear(); }

  Mode mode() const { return mode_; }
  /// In place of what was drawn, cut to the terminal's width; nothing where there is no terminal.
  void draw(const std::string& text) const;
  /// A line that stays; nothing where quiet.
  void print(const std::string& text) const;
  /// Takes the drawn line away: before others write to the terminal.
  void clear() const;

 private:
  Mode mode_;
};

}  // namespace harness
