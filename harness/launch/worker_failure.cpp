#include "harness/launch/worker_failure.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include "harness/launch/phase_lines.h"
#include "harness/printable.h"
#include "harness/protocol/protocol_error.h"
#include "harness/protocol/strict_json.h"
#include "harness/protocol/strict_object.h"

namespace harness {
namespace {

constexpr std::size_t kQuotedCharacters = 200;

/// What the worker said last, as the end of a reason.
std::string last_words(const ProcessResult& result) {
  const auto line = last_line(split_phase_lines(result.error_tail).messages);
  return line.empty() ? "" : ": " + line;
}

std::string quoted(std::string_view text) {
  return printable(std::string(text.substr(0, kQuotedCharacters)));
}

/// What the worker answered when it was asked where it is, as a part of a reason.
std::string whereabouts(const ProcessResult& result) {
  if (!result.asked) return "";
  const auto where = split_phase_lines(result.error_tail).where;
  return where.empty()
             ? " and did not answer where it is"
             : "; shortly before, it was in " + printable(where.substr(0, kQuotedCharacters));
}

bool blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == line.npos;
}

}  // namespace

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

int64_t oom_kill_count() {
  std::ifstream file("/proc/vmstat");
  std::string name;
  int64_t value = 0;
  while (file >> name >> value) {
    if (name == "oom_kill") return value;
  }
  return 0;
}

std::optional<WorkerFailure> process_failure(const ProcessResult& result, double timeout_s,
                                             int64_t oom_kills) {
  using End = ProcessResult::End;
  switch (result.end) {
    case End::kTimedOut:
      return WorkerFailure{Status::kTimedOut,
                           fmt::format("the worker did not end within {:g} s{}{}", timeout_s,
                                       whereabouts(result), last_words(result))};
    case End::kFlooded:
      return WorkerFailure{Status::kCrashed,
                           fmt::format("the worker wrote more than {} MiB to standard output{}",
                                       kOutputMebibytes, last_words(result))};
    case End::kSignalled: {
      const char* hint = "";
      if (result.exit.signal == SIGKILL) {
        hint = oom_kills > 0 ? " (the kernel's out-of-memory killer struck while it ran)"
                             : " (not by bench_sweep; perhaps for lack of memory)";
      }
      return WorkerFailure{Status::kCrashed,
                           fmt::format("the worker was killed by {}{}{}",
                                       signal_name(result.exit.signal), hint, last_words(result))};
    }
    case End::kExited:
      if (result.exit.exit_code == 0) return std::nullopt;
      return WorkerFailure{Status::kCrashed,
                           fmt::format("the worker ended with exit status {}{}",
                                       result.exit.exit_code, last_words(result))};
  }
  return std::nullopt;
}

nlohmann::json parse_single_line(std::string_view output) {
  std::string_view found;
  std::size_t lines = 0;
  for (std::size_t begin = 0; begin < output.size();) {
    const auto end = std::min(output.find('\n', begin), output.size());
    const auto line = output.substr(begin, end - begin);
    begin = end + 1;
    if (blank(line)) continue;
    found = line;
    ++lines;
  }
  if (lines == 0) throw ProtocolError("the worker wrote nothing to standard output");
  if (lines > 1) {
    throw ProtocolError(fmt::format("the worker wrote {} lines where one was due", lines));
  }
  try {
    return parse_strict_json(std::string(found));
  } catch (const ProtocolPathError&) {
    throw;
  } catch (const ProtocolError&) {
    throw ProtocolError(fmt::format("the worker wrote what is not JSON: {}", quoted(found)));
  }
}

std::string last_line(std::string_view text) {
  while (!text.empty()) {
    const auto newline = text.rfind('\n');
    const auto line = newline == text.npos ? text : text.substr(newline + 1);
    if (!blank(line)) return quoted(line);
    text = newline == text.npos ? std::string_view() : text.substr(0, newline);
  }
  return "";
}

}  // namespace harness
