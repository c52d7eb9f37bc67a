#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/table.h"

namespace reports {

/// A table of the page. `fields` are what its columns are sorted by; `texts` are what is shown.
struct HtmlTable {
  struct Row {
    std::vector<std::string> fields;
    std::vector<std::string> texts;
    std::optional<std::size_t> cell;  ///< whose record the row links to; see CellNumbers
  };

  std::string caption;
  std::string file;  ///< the CSV file that has the same rows; empty: none has
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

/// `table` with texts by field_text(), without links.
HtmlTable html_table(const std::string& caption, const std::string& file, const Table& table);

/// The <table> element, everything escaped; "" without rows. Columns of numbers alone are aligned
/// to the right. A field stands in `data-value` where it is not what is shown.
std::string table_element(const HtmlTable& table);

}  // namespace reports
