#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace reports {

/// Rows of fields under named columns, before any format: numbers as CSV files have them (see
/// csv_number()), empty where there is no value. docs/run_directory.md describes the columns.
class Table {
 public:
  explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  /// Throws std::logic_error where the number of fields is not the columns'.
  void add_row(std::vector<std::string> fields);
  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }
  /// The place of a column. Throws std::logic_error where there is none of that name.
  std::size_t column(const std::string& name) const;

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// The columns of `table` that are named, in this order. Throws as Table::column() does.
Table select_columns(const Table& table, const std::vector<std::string>& names);

}  // namespace reports
