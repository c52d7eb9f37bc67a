#include "reports/html/html_table.h"

#include <algorithm>
#include <utility>

#include <kainjow/mustache.hpp>

#include "reports/html/assets.h"
#include "reports/html/column_text.h"

namespace reports {

namespace mustache = kainjow::mustache;

HtmlTable html_table(const std::string& caption, const std::string& file, const Table& table) {
  HtmlTable result{caption, file, table.columns(), {}};
  for (const std::vector<std::string>& fields : table.rows()) {
    HtmlTable::Row& row = result.rows.emplace_back();
    row.fields = fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      row.texts.push_back(field_text(table.columns()[i], fields[i]));
    }
  }
  return result;
}

/// Whether a column has numbers, and nothing else but empty fields.
static std::vector<bool> numeric_columns(const HtmlTable& table) {
  std::vector<bool> numeric;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    bool any = false;
    const bool all = std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
      const bool number = is_number(row.fields[i]);
      any = any || number;
      return number || row.fields[i].empty();
    });
    numeric.push_back(any && all);
  }
  return numeric;
}

static mustache::data row_data(const HtmlTable::Row& row, const std::vector<bool>& numeric) {
  mustache::data fields(mustache::data::type::list);
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    mustache::data field;
    field.set("text", row.texts[i]);
    field.set("number", static_cast<bool>(numeric[i]));
    if (row.texts[i] != row.fields[i]) field.set("value", mustache::data("field", row.fields[i]));
    fields.push_back(field);
  }
  mustache::data data("fields", fields);
  if (row.cell) data.set("cell", std::to_string(*row.cell));
  return data;
}

std::string table_element(const HtmlTable& table) {
  if (table.rows.empty()) return "";
  const std::vector<bool> numeric = numeric_columns(table);
  mustache::data columns(mustache::data::type::list);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    mustache::data column("name", table.columns[i]);
    column.set("title", column_title(table.columns[i]));
    column.set("number", static_cast<bool>(numeric[i]));
    columns.push_back(column);
  }
  mustache::data rows(mustache::data::type::list);
  for (const HtmlTable::Row& row : table.rows) rows.push_back(row_data(row, numeric));
  mustache::data data("caption", table.caption);
  data.set("file", table.file);
  data.set("columns", columns);
  data.set("rows", rows);
  data.set("links", std::any_of(table.rows.begin(), table.rows.end(),
                                [](const auto& row) { return row.cell.has_value(); }));
  return mustache::mustache(std::string(assets::kTableMustache)).render(data);
}

}  // namespace reports
