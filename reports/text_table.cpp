#include "reports/text_table.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "reports/words.h"

namespace reports {

/// Code points, which is what a terminal's columns come closest to.
static std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

static std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  if (lines.empty()) lines.emplace_back();
  return lines;
}

std::string styled(const std::string& text, Style style, bool colour) {
  if (!colour || style == Style::kPlain || text.empty()) return text;
  const char* code = style == Style::kBold ? "1" : style == Style::kRed ? "31" : "32";
  return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::istringstream words(text);
  std::string result;
  std::size_t column = 0;
  for (std::string word; words >> word;) {
    const std::size_t length = width_of(word);
    if (column > 0 && column + 1 + length > width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > 0) {
      result += ' ';
      ++column;
    }
    result += word;
    column += length;
  }
  return result;
}

std::string wrapped_flags(const std::string& flags, std::size_t width) {
  std::string result;
  std::size_t column = 0;
  std::istringstream stream(flags);
  for (std::string flag; std::getline(stream, flag, '+');) {
    if (column > 0 && column + 1 + flag.size() > width) {
      result += "\n";
      column = 0;
    }
    if (!result.empty()) flag.insert(flag.begin(), '+');
    result += flag;
    column += flag.size();
  }
  return result;
}

std::string paragraph(const std::string& text) {
  return "  " + wrapped(one_line(text), kTerminalWidth - 2, 4) + "\n";
}

void TextTable::add_row(std::vector<Cell> cells) {
  if (cells.size() != columns_.size()) {
    throw std::logic_error("a table's row and its columns differ in number");
  }
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(bool colour) const {
  std::vector<std::vector<Cell>> all;
  std::vector<Cell>& titles = all.emplace_back();
  for (const Column& column : columns_) titles.emplace_back(column.title, Style::kBold);
  all.insert(all.end(), rows_.begin(), rows_.end());

  std::vector<std::size_t> widths(columns_.size());
  for (const std::vector<Cell>& row : all) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      for (const std::string& line : lines_of(row[i].text)) {
        widths[i] = std::max(widths[i], width_of(line));
      }
    }
  }
  std::string result;
  for (const std::vector<Cell>& row : all) {
    std::vector<std::vector<std::string>> lines;
    std::size_t height = 0;
    for (const Cell& cell : row)
      height = std::max(height, lines.emplace_back(lines_of(cell.text)).size());
    for (std::size_t y = 0; y < height; ++y) {
      std::string line;
      std::size_t owed = 2;  // blanks, written only where something follows
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string text = y < lines[i].size() ? lines[i][y] : "";
        const std::size_t padding = widths[i] - width_of(text);
        if (text.empty()) {
          owed += padding + 2;
          continue;
        }
        const bool right = columns_[i].align == Align::kRight;
        line += std::string(owed + (right ? padding : 0), ' ');
        line += styled(text, row[i].style, colour);
        owed = (right ? 0 : padding) + 2;
      }
      result += line + '\n';
    }
  }
  return result;
}

}  // namespace reports
