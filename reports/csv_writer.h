#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/protocol/record.h"
#include "reports/table.h"

namespace reports {

/// Comma-separated values by RFC 4180: UTF-8, one header row, CRLF after every row, fields quoted
/// where they hold a comma, a quote or a line break.
std::string csv_text(const Table& table);

/// Fields; empty where there is no value. Numbers carry six significant digits, bytes all.
std::string csv_count(const std::optional<int64_t>& value);
std::string csv_number(const std::optional<double>& value);
std::string csv_status(const std::optional<harness::Status>& status);

}  // namespace reports
