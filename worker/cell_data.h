#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/protocol/cell.h"
#include "model/window.h"

namespace worker {

/// Data that a cell names and that cannot be used. what() is one line that names the file.
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The windows that cells train on. A file is read once, or found unusable once, whatever the
/// number of cells and of threads that ask for its windows.
class CellData {
 public:
  /// Throws DataError.
  std::shared_ptr<const std::vector<model::Window>> windows(const harness::Cell& cell) const;

 private:
  struct Entry {
    std::shared_ptr<const std::vector<model::Window>> windows;
    std::string error;  ///< why there are none
  };
  static Entry read(const harness::Cell& cell);

  mutable std::mutex mutex_;
  mutable std::map<std::string, Entry> known_;  ///< by what windows follow from
};

}  // namespace worker
