#include "harness/spec/json_document.h"

#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "harness/protocol/json_fault.h"
#include "harness/spec/limits.h"
#include "harness/spec/spec_failure.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

SpecJson parse_json_text(const std::filesystem::path& file, const std::string& text) {
  if (const auto fault = check_json(text).fault) {
    if (fault->line_column.empty()) {
      fail_spec(file, fault->pointer, fault->problem, fault->remedy);
    }
    throw SpecError(fmt::format("{}:{}: {}; {}", file.string(), fault->line_column, fault->problem,
                                fault->remedy));
  }
  return SpecJson::parse(text);
}

SpecJson read_json_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    const char* problem =
        std::filesystem::exists(file, error) ? "not a regular file" : "no such file";
    throw SpecError(fmt::format("{}: {}; give the path of a JSON file", file.string(), problem));
  }
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size > static_cast<std::uintmax_t>(kMaxDocumentBytes)) {
    throw SpecError(
        fmt::format("{}: {} bytes are more than the {} that a JSON file may have here; "
                    "give another file",
                    file.string(), size, kMaxDocumentBytes));
  }
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) {
    throw SpecError(
        fmt::format("{}: cannot be read; check the permissions of the file", file.string()));
  }
  return parse_json_text(file, text);
}

}  // namespace harness
