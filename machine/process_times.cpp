#include "machine/process_times.h"

#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

namespace machine {
namespace {

namespace fs = std::filesystem;

std::optional<int> process_number(const std::string& name) {
  int number = 0;
  const auto* const end = name.data() + name.size();
  const auto read = std::from_chars(name.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

/// proc(5): "pid (name) state ppid ...", where the name may hold anything; fields 14 and 15 are the
/// times in user and system mode.
std::optional<ProcessTime> read_process(const fs::path& stat) {
  std::ifstream file(stat);
  std::string line;
  std::getline(file, line);
  const auto open = line.find('(');
  const auto close = line.rfind(')');
  if (open == line.npos || close == line.npos || close < open) return std::nullopt;
  std::istringstream fields(line.substr(close + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  int64_t user = 0;
  int64_t system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  return ProcessTime{line.substr(open + 1, close - open - 1), user + system};
}

/// The eighth number of /proc/stat's first line.
int64_t read_stolen(const fs::path& stat) {
  std::ifstream file(stat);
  std::string word;
  int64_t ticks = 0;
  file >> word;
  for (int field = 1; field <= 8 && file >> ticks; ++field) {
  }
  return file ? ticks : 0;
}

}  // namespace

ProcessTimes read_process_times(const fs::path& root) {
  ProcessTimes times;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "proc", error)) {
    const auto number = process_number(entry.path().filename().string());
    if (!number) continue;
    if (auto process = read_process(entry.path() / "stat")) {
      times.processes.emplace(*number, std::move(*process));
    }
  }
  times.stolen_ticks = read_stolen(root / "proc/stat");
  return times;
}

}  // namespace machine
