#pragma once

#include <filesystem>
#include <string_view>

#include "harness/spec/json_document.h"

namespace harness {

/// Throws SpecError "file: /pointer: problem; remedy", always one line: control characters of the
/// user's own names are replaced.
[[noreturn]] void fail_spec(const std::filesystem::path& file,
                            const nlohmann::json_pointer<std::string>& pointer,
                            std::string_view problem, std::string_view remedy);

}  // namespace harness
