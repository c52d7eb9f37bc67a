#pragma once

namespace harness {

/// Turns Ctrl-C and SIGTERM into a readable descriptor while it lives. The first signal makes fd()
/// readable, for good; a second one ends this process at once with status 130 (its workers die
/// with it). One instance at a time.
class Interrupt {
 public:
  /// Throws HarnessError where the handlers cannot be installed.
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  /// Puts the default handlers back.
  ~Interrupt();

  /// Readable once the user has asked to stop.
  int fd() const;
  bool requested() const;
};

}  // namespace harness
