#pragma once

#include <sys/types.h>

#include "harness/launch/child_process.h"
#include "harness/launch/unique_fd.h"

namespace harness {

/// A started child and this process's ends of its streams, all close-on-exec and non-blocking.
struct Spawned {
  pid_t pid = -1;
  UniqueFd input;   ///< a socket, so that writing to a dead child gives an error and no SIGPIPE
  UniqueFd output;  ///< pipe
  UniqueFd error;   ///< pipe
  UniqueFd exit;    ///< a pidfd: readable once the child has ended
};

/// Forks and executes `command` in a process group of its own. Throws HarnessError.
Spawned spawn(const Command& command);

}  // namespace harness
