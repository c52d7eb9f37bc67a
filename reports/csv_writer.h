#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/protocol/record.h"

namespace reports {

/// Comma-separated values by RFC 4180: UTF-8, one header row, CRLF after every row, fields quoted
/// where they hold a comma, a quote or a line break.
class CsvWriter {
 public:
  explicit CsvWriter(const std::vector<std::string>& header);

  /// Throws std::logic_error where the number of fields is not the header's.
  void add_row(const std::vector<std::string>& fields);
  const std::string& text() const { return text_; }

 private:
  std::size_t columns_;
  std::string text_;
};

/// Fields; empty where there is no value. Numbers carry six significant digits, bytes all.
std::string csv_count(const std::optional<int64_t>& value);
std::string csv_number(const std::optional<double>& value);
std::string csv_status(const std::optional<harness::Status>& status);

}  // namespace reports
