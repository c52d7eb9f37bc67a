#pragma once

#include <stdexcept>

namespace files {

/// A file that cannot be used as it is. what() is one line: file, what is wrong, what to do.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace files
