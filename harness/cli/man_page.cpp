#include "harness/cli/man_page.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include <fmt/format.h>

namespace harness {
namespace {

constexpr std::size_t kIndent = 4;      ///< of a page's text
constexpr std::size_t kBodyIndent = 8;  ///< of what an option means

/// `text` so that roff prints it as it is.
std::string escaped(const std::string& text) {
  std::string result;
  if (text.starts_with('.') || text.starts_with('\'')) result = "\\&";
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '\'') {
      result += "\\(aq";
    } else if (c == '`') {
      result += "\\(ga";
    } else {
      result += c;
    }
  }
  return result;
}

std::size_t indent_of(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

/// Turns a page, line by line, into macros. Text of DESCRIPTION and OPTIONS is filled; that of
/// other sections stays as it is laid out.
class RoffWriter {
 public:
  RoffWriter(std::string& out, const char* heading) : out_(out), heading_(heading) {}

  void add(const std::string& line) {
    if (!line.empty() && indent_of(line) == 0) {
      start_section(line);
    } else if (!filled_) {
      out_ += escaped(line.substr(std::min(line.size(), kIndent))) + "\n";
    } else if (line.empty()) {
      between_ = true;
    } else {
      add_filled(line);
    }
  }
  void finish() {
    if (!filled_) out_ += ".fi\n";
    filled_ = true;
  }

 private:
  void start_section(const std::string& name) {
    finish();
    out_ += fmt::format("{} {}\n", heading_, name);
    filled_ = name == "NAME" || name == "DESCRIPTION" || name == "OPTIONS";
    if (!filled_) out_ += ".nf\n";
    between_ = false;
  }

  void add_filled(const std::string& line) {
    const auto indent = indent_of(line);
    const auto text = line.substr(indent);
    const bool is_option = indent == kIndent && text.starts_with('-');
    const bool starts_paragraph = indent == kIndent && (between_ || in_option_);
    between_ = false;
    if (is_option) {
      in_option_ = true;
      const auto gap = text.find("  ");
      out_ += ".TP\n.B " + escaped(text.substr(0, gap)) + "\n";
      if (gap != text.npos) out_ += escaped(text.substr(text.find_first_not_of(' ', gap))) + "\n";
      return;
    }
    if (starts_paragraph) out_ += ".PP\n";
    if (indent < kBodyIndent) in_option_ = false;
    out_ += escaped(text) + "\n";
  }

  std::string& out_;
  const char* heading_;
  bool filled_ = true;
  bool between_ = false;    ///< a blank line came last
  bool in_option_ = false;  ///< what comes says what an option means
};

void append_page(const std::string& page, const char* heading, std::string& out) {
  RoffWriter writer(out, heading);
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) writer.add(line);
  writer.finish();
}

}  // namespace

std::string man_page(const std::map<std::string, std::string>& pages, const std::string& version) {
  constexpr const char* kProgram = "bench_sweep";
  auto out = fmt::format(".TH BENCH_SWEEP 1 \"\" \"bench_sweep {}\" \"User Commands\"\n", version);
  append_page(pages.at(kProgram), ".SH", out);
  for (const auto& [name, page] : pages) {
    if (name == kProgram) continue;
    auto title = name;
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    out += fmt::format(".SH \"{}\"\n", title);
    append_page(page, ".SS", out);
  }
  return out;
}

}  // namespace harness
