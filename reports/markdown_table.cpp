#include "reports/markdown_table.h"

#include <stdexcept>

#include "reports/words.h"

namespace reports {

std::string markdown_text(const std::string& text) {
  std::string result;
  for (const char c : one_line(text)) {
    if (std::string_view("\\|`*[]").find(c) != std::string_view::npos) result += '\\';
    if (c == '<') {
      result += "&lt;";
    } else if (c == '&') {
      result += "&amp;";
    } else {
      result += c;
    }
  }
  return result;
}

MarkdownTable::MarkdownTable(const std::vector<Column>& columns) : columns_(columns.size()) {
  std::string rule;
  for (const Column& column : columns) {
    text_ += "| " + column.title + " ";
    rule += column.align == Align::kRight ? "|---:" : "|:---";
  }
  text_ += "|\n" + rule + "|\n";
}

void MarkdownTable::add_row(const std::vector<std::string>& cells) {
  if (cells.size() != columns_) {
    throw std::logic_error("a table's row and its columns differ in number");
  }
  for (const std::string& cell : cells) text_ += "| " + markdown_text(cell) + " ";
  text_ += "|\n";
  ++rows_;
}

}  // namespace reports
