#pragma once

#include <string>
#include <vector>

namespace reports {

enum class Style { kPlain, kBold, kRed, kGreen };

/// `text` in the terminal's escape codes, or as it is without colour.
std::string styled(const std::string& text, Style style, bool colour);

/// Break at spaces so that no line is longer than `width`, unless a word is; lines after the first
/// start with `indent` spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

/// Break flags joined by '+' so that no line is longer than `width`, unless a flag is.
std::string wrapped_flags(const std::string& flags, std::size_t width);

/// Columns of a terminal that every report fits, but for names that are longer than their column.
inline constexpr std::size_t kTerminalWidth = 100;

/// `text` on as many lines as it needs; the first starts with two spaces, the others with more.
std::string paragraph(const std::string& text);

/// A table of aligned columns, two spaces apart. A cell may hold several lines.
class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kRight;
  };
  struct Cell {
    Cell(const char* cell_text) : text(cell_text), style(Style::kPlain) {}
    Cell(std::string cell_text, Style cell_style = Style::kPlain)
        : text(std::move(cell_text)), style(cell_style) {}
    std::string text;
    Style style;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// Throws std::logic_error where the number of cells is not the number of columns.
  void add_row(std::vector<Cell> cells);
  bool empty() const { return rows_.empty(); }
  /// Title row and rows, each line indented by two spaces, no trailing blanks.
  std::string text(bool colour) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace reports
