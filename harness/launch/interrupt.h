#pragma once

namespace harness {

/// Turns Ctrl-C, SIGTERM and the hangup of the terminal into a readable descriptor while it lives.
/// The first signal makes fd() readable, for good; a second one ends this process at once with
/// status 130 (its workers die with it). A hangup that is ignored already, as under nohup(1), stays
/// so. One instance at a time.
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
};

}  // namespace harness
