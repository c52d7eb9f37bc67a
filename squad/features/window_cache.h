#pragma once

#include <filesystem>
#include <string>

#include "squad/examples/examples.h"
#include "squad/features/window.h"
#include "squad/text/tokenizer.h"

namespace squad {

/// Windows, and where they came from.
struct CachedWindows {
  WindowSet set;
  std::filesystem::path file;  ///< where `set` lies now
  bool found = false;          ///< read from `file` rather than made
  std::string remark;  ///< one line where a file was there but could not be used, else empty
};

/// What make_windows gives, read from `directory` where an earlier call left it there, otherwise
/// made and stored. A file is found by the content that windows depend on (questions, vocabulary,
/// options), never by names or times; it holds that key and a checksum, and a file that fails
/// either is made again and replaced, with a remark.
///
/// Files are written whole or not at all, so that several processes may share a directory. Throws
/// as make_windows does, and SquadError or checkpoint::SafetensorsError where the directory cannot
/// be created or written.
CachedWindows cached_windows(const Examples& examples, const Tokenizer& tokenizer,
                             const WindowOptions& options, const std::filesystem::path& directory);

}  // namespace squad
