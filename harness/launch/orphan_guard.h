#pragma once

#include <sys/types.h>

#include "harness/launch/unique_fd.h"

namespace harness {

/// Kills what workers have started where this process dies and cannot: the kernel kills a worker
/// with its parent, but not the worker's own children. A small process that watches the other end
/// of a socket, and kills the process groups that it was told of when this process is gone, however
/// it went. It also makes this process the one that inherits and reaps what a group leaves behind.
class OrphanGuard {
 public:
  /// The guard of this process, which the first call starts. Throws HarnessError where it cannot.
  static OrphanGuard& instance();

  /// Tells the guard of the calling process's own group, from between fork and exec: one
  /// async-signal-safe call.
  void watch_own_group() const;
  /// The group is killed and its leader about to be reaped: its number may soon be anybody's.
  void forget(pid_t group) const;

 private:
  OrphanGuard();
  void tell(pid_t message) const;

  UniqueFd socket_;
  pid_t owner_;  ///< a fork of this process needs a guard of its own
};

}  // namespace harness
