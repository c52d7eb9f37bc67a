#pragma once

#include <string>

namespace reports {

/// How the page heads a column of Table, unit included: "candidate_peak_bytes" is "candidate peak
/// MiB". The units stand in the names.
std::string column_title(const std::string& column);

/// A field as people read it, in the unit of column_title(); "" where it is empty. Fields that are
/// no numbers stay as they are, but for out_of_memory, which is "OOM".
std::string field_text(const std::string& column, const std::string& field);

/// Whether `field` is a decimal number and nothing else.
bool is_number(const std::string& field);

}  // namespace reports
