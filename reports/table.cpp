#include "reports/table.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace reports {

void Table::add_row(std::vector<std::string> fields) {
  if (fields.size() != columns_.size()) {
    throw std::logic_error(
        fmt::format("a row has {} fields, its table {} columns", fields.size(), columns_.size()));
  }
  rows_.push_back(std::move(fields));
}

std::size_t Table::column(const std::string& name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) throw std::logic_error("a table has no column " + name);
  return static_cast<std::size_t>(found - columns_.begin());
}

Table select_columns(const Table& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> places;
  for (const std::string& name : names) places.push_back(table.column(name));
  Table selected(names);
  for (const std::vector<std::string>& row : table.rows()) {
    std::vector<std::string> fields;
    for (const std::size_t place : places) fields.push_back(row[place]);
    selected.add_row(std::move(fields));
  }
  return selected;
}

}  // namespace reports
