#pragma once

#include <string>
#include <vector>

namespace reports {

/// `text` on one line, with what Markdown or HTML would take for markup escaped.
std::string markdown_text(const std::string& text);

/// A pipe table.
class MarkdownTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kRight;
  };

  explicit MarkdownTable(const std::vector<Column>& columns);
  /// Cells are text, not markup. Throws std::logic_error where their number is not the columns'.
  void add_row(const std::vector<std::string>& cells);
  bool empty() const { return rows_ == 0; }
  std::string text() const { return text_ + "\n"; }

 private:
  std::size_t columns_;
  std::size_t rows_ = 0;
  std::string text_;
};

}  // namespace reports
