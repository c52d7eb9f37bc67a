#include "reports/csv_writer.h"

#include <vector>

#include <fmt/format.h>

namespace reports {

static std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string result = "\"";
  for (const char c : field) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

static void append_row(std::string& text, const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += ',';
    text += quoted(fields[i]);
  }
  text += "\r\n";
}

std::string csv_text(const Table& table) {
  std::string text;
  append_row(text, table.columns());
  for (const std::vector<std::string>& row : table.rows()) append_row(text, row);
  return text;
}

std::string csv_count(const std::optional<int64_t>& value) {
  return value ? std::to_string(*value) : "";
}

std::string csv_number(const std::optional<double>& value) {
  return value ? fmt::format("{:.6g}", *value) : "";
}

std::string csv_status(const std::optional<harness::Status>& status) {
  return status ? std::string(to_string(*status)) : "";
}

}  // namespace reports
