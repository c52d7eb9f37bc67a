#include "reports/html/html_table.h"

#include <algorithm>

#include <fmt/format.h>
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

/// The rows as elements. The template does the rest of a table: its data of a field are several
/// maps and strings, copied at every level, and a large run has a hundred thousand fields.
static std::string row_elements(const HtmlTable& table, const std::vector<bool>& numeric,
                                bool links) {
  std::string html;
  for (const HtmlTable::Row& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      html += numeric[i] ? "<td class=\"number\"" : "<td";
      if (row.texts[i] != row.fields[i]) {
        html += " data-value=\"" + mustache::html_escape(row.fields[i]) + "\"";
      }
      html += ">" + mustache::html_escape(row.texts[i]) + "</td>";
    }
    if (links) {
      html += "<td class=\"record\">";
      if (row.cell) html += fmt::format("<a href=\"#cell-{}\">open</a>", *row.cell);
      html += "</td>";
    }
    html += "</tr>\n";
  }
  return html;
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
  const bool links = std::any_of(table.rows.begin(), table.rows.end(),
                                 [](const auto& row) { return row.cell.has_value(); });
  mustache::data data("caption", table.caption);
  data.set("file", table.file);
  data.set("columns", columns);
  data.set("links", links);
  data.set("rows", row_elements(table, numeric, links));
  return mustache::mustache(std::string(assets::kTableMustache)).render(data);
}

}  // namespace reports
