#include "harness/analysis/published.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

// The library keeps 255 bytes of a file's name, on purpose; GCC warns about it when optimizing.
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#define CSV_IO_NO_THREAD
#include <libfccp/csv.h>
#pragma GCC diagnostic pop

#include "harness/harness_error.h"
#include "harness/printable.h"

namespace harness {

namespace {

/// One line of the file, as text. Members are named after the columns.
struct Line {
  std::string table;
  std::string memory_limit_bytes;
  std::string micro_batch;
  std::string baseline_samples_per_second;
  std::string candidate_samples_per_second;
  std::string speedup;
  std::string text;
};

using Reader = io::CSVReader<7, io::trim_chars<' ', '\t'>, io::double_quote_escape<',', '"'>,
                             io::throw_on_overflow, io::single_and_empty_line_comment<'#'>>;

/// What is wrong with a line; read_published() adds where.
struct LineError {
  std::string message;
};

}  // namespace

template <typename T>
static T parse_number(std::string_view column, const std::string& text, T least, const char* kind) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || !(value >= least) || value > std::numeric_limits<T>::max()) {
    throw LineError{fmt::format("{} must be {}, not '{}'", column, kind, text)};
  }
  return value;
}

static int64_t parse_count(std::string_view column, const std::string& text, int64_t least) {
  return parse_number<int64_t>(
      column, text, least, least == 0 ? "a whole number, at least 0" : "a whole number above 0");
}

static std::optional<double> parse_rate(std::string_view column, const std::string& text) {
  if (text == "out_of_memory") return std::nullopt;
  return parse_number<double>(column, text, std::numeric_limits<double>::min(),
                              "a number above 0 or 'out_of_memory'");
}

static void require_empty(std::string_view column, const std::string& text,
                          std::string_view table) {
  if (!text.empty()) {
    throw LineError{fmt::format("{} must be empty in a '{}' line, not '{}'", column, table, text)};
  }
}

static PublishedSpeedup parse_speedup(const Line& line) {
  require_empty("text", line.text, line.table);
  PublishedSpeedup result;
  result.memory_limit_bytes = parse_count("memory_limit_bytes", line.memory_limit_bytes, 1);
  result.micro_batch = parse_count("micro_batch", line.micro_batch, 1);
  result.baseline_samples_per_second =
      parse_rate("baseline_samples_per_second", line.baseline_samples_per_second);
  result.candidate_samples_per_second =
      parse_rate("candidate_samples_per_second", line.candidate_samples_per_second);
  if (!line.speedup.empty()) {
    result.speedup = parse_number<double>(
        "speedup", line.speedup, std::numeric_limits<double>::min(), "a number above 0 or empty");
  }
  return result;
}

static void require_no_rates(const Line& line) {
  require_empty("baseline_samples_per_second", line.baseline_samples_per_second, line.table);
  require_empty("candidate_samples_per_second", line.candidate_samples_per_second, line.table);
  require_empty("speedup", line.speedup, line.table);
}

static PublishedRequirement parse_requirement(const Line& line) {
  require_no_rates(line);
  if (line.text.empty()) {
    throw LineError{"text must name flags, 'none' or 'out_of_memory' in a 'requirement' line"};
  }
  return {parse_count("memory_limit_bytes", line.memory_limit_bytes, 1),
          parse_count("micro_batch", line.micro_batch, 0), line.text};
}

static std::string parse_source(const Line& line) {
  require_no_rates(line);
  require_empty("memory_limit_bytes", line.memory_limit_bytes, line.table);
  require_empty("micro_batch", line.micro_batch, line.table);
  if (line.text.empty()) throw LineError{"text must say where the tables were published"};
  return line.text;
}

/// Lines already seen, as (table, limit, micro-batch).
using Seen = std::set<std::tuple<std::string, std::string, std::string>>;

static void add_line(const Line& line, PublishedTables& tables, Seen& seen) {
  if (!seen.insert({line.table, line.memory_limit_bytes, line.micro_batch}).second) {
    throw LineError{
        fmt::format("a second '{}' line for the same memory limit and micro-batch", line.table)};
  }
  if (line.table == "speedup") {
    tables.speedups.push_back(parse_speedup(line));
  } else if (line.table == "requirement") {
    tables.requirements.push_back(parse_requirement(line));
  } else if (line.table == "source") {
    tables.source = parse_source(line);
  } else {
    throw LineError{
        fmt::format("table must be 'source', 'speedup' or 'requirement', not '{}'", line.table)};
  }
}

static PublishedTables read_lines(Reader& reader) {
  reader.read_header(io::ignore_no_column, "table", "memory_limit_bytes", "micro_batch",
                     "baseline_samples_per_second", "candidate_samples_per_second", "speedup",
                     "text");
  PublishedTables tables;
  Seen seen;
  Line line;
  while (reader.read_row(line.table, line.memory_limit_bytes, line.micro_batch,
                         line.baseline_samples_per_second, line.candidate_samples_per_second,
                         line.speedup, line.text)) {
    add_line(line, tables, seen);
  }
  if (tables.source.empty()) throw LineError{"no 'source' line that says where it was published"};
  return tables;
}

/// fast-cpp-csv-parser appends ` in file "..."` and the line to what it says; they come first here.
static std::string without_place(std::string message) {
  for (const char* place : {" in line ", " in file ", " of file "}) {
    message.resize(std::min(message.size(), message.find(place)));
  }
  return message;
}

PublishedTables read_published(const std::filesystem::path& file) {
  std::error_code no_file;
  if (!std::filesystem::is_regular_file(file, no_file)) {
    throw UsageError(fmt::format(
        "{}: no such file; give the path of a CSV file of published tables", file.string()));
  }
  unsigned number = 0;
  std::string message;
  try {
    Reader reader(file.string());
    try {
      return read_lines(reader);
    } catch (const LineError& error) {
      message = error.message;
    } catch (const io::error::base& error) {
      message = without_place(error.what());
    }
    number = reader.get_file_line();
  } catch (const io::error::can_not_open_file&) {
    throw UsageError(fmt::format("{}: cannot be read; check its permissions", file.string()));
  }
  throw UsageError(fmt::format("{}:{}: {}; correct it there, or give another file", file.string(),
                               number, printable(message)));
}

}  // namespace harness
