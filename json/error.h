#pragma once

#include "files/file_error.h"

namespace json {

/// A JSON file that does not hold what it should. what() is one line: file, JSON path or line and
/// column, what is wrong, what to do.
class Error : public files::FileError {
 public:
  using files::FileError::FileError;
};

}  // namespace json
