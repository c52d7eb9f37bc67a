#include "reports/csv_writer.h"

#include <stdexcept>

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

CsvWriter::CsvWriter(const std::vector<std::string>& header) : columns_(header.size()) {
  add_row(header);
}

void CsvWriter::add_row(const std::vector<std::string>& fields) {
  if (fields.size() != columns_) {
    throw std::logic_error(
        fmt::format("a CSV row has {} fields, its header {}", fields.size(), columns_));
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text_ += ',';
    text_ += quoted(fields[i]);
  }
  text_ += "\r\n";
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
