#pragma once

#include <stdexcept>

namespace checkpoint {

/// A weight file that cannot be used. what() is one line: file, what is wrong, what to do.
class CheckpointError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace checkpoint
