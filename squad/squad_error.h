#pragma once

#include <stdexcept>

namespace squad {

/// A file, text or option that SQuAD's data cannot be made from. what() is one line: what, where,
/// what to do.
class SquadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace squad
