#pragma once

#include <stdexcept>

namespace harness {

/// JSON that crossed the process border, or was read back from a run, is not what the protocol
/// says. what() is one line that names the offending key.
class ProtocolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace harness
