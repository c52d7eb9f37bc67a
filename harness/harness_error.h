#pragma once

#include <stdexcept>

namespace harness {

/// The harness itself could not do its work: a process that does not start, a planner that answers
/// wrongly, a file that cannot be written. what() is one line. Exit status 5.
class HarnessError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The command line, or a path on it, cannot be used as given. what() is one line. Exit status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace harness
