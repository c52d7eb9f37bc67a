#pragma once

#include <filesystem>
#include <string>

namespace reports {

/// Write `content` to a temporary file beside `file`, then rename it: a reader sees the old file or
/// the new one, never a part. Throws HarnessError, one line, where that fails; the temporary file
/// is removed.
void write_file_atomically(const std::filesystem::path& file, const std::string& content);

}  // namespace reports
