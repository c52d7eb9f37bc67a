#include "harness/spec/spec_failure.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/spec/sweep_spec.h"

namespace harness {

void fail_spec(const std::filesystem::path& file,
               const nlohmann::json_pointer<std::string>& pointer, std::string_view problem,
               std::string_view remedy) {
  const std::string path = pointer.empty() ? "/" : pointer.to_string();
  std::string line = fmt::format("{}: {}: {}; {}", file.string(), path, problem, remedy);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
  throw SpecError(line);
}

}  // namespace harness
