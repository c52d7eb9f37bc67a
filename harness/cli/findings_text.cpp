#include "harness/cli/findings_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/cli/exit_status.h"

namespace harness {
namespace {

constexpr const char* word(machine::Verdict verdict) {
  switch (verdict) {
    case machine::Verdict::kOk:
      return "ok";
    case machine::Verdict::kDisturbs:
      return "disturbs";
    case machine::Verdict::kBroken:
      return "broken";
    case machine::Verdict::kUnknown:
      break;
  }
  return "unknown";
}

auto count(const machine::Findings& findings, machine::Verdict verdict) {
  return std::count_if(findings.begin(), findings.end(),
                       [&](const machine::Finding& finding) { return finding.verdict == verdict; });
}

}  // namespace

std::string findings_text(const machine::Findings& findings) {
  std::size_t widest = 0;
  for (const auto& finding : findings) widest = std::max(widest, finding.subject.size());
  std::string text;
  for (const auto& finding : findings) {
    text += fmt::format("{:8}  {:{}}  {}{}{}\n", word(finding.verdict), finding.subject, widest,
                        finding.what, finding.remedy.empty() ? "" : "; ", finding.remedy);
  }
  return text;
}

std::string findings_summary(const machine::Findings& findings) {
  const auto broken = count(findings, machine::Verdict::kBroken);
  auto text = fmt::format("of {} findings {} disturb a measurement, {} are unknown",
                          findings.size(), count(findings, machine::Verdict::kDisturbs),
                          count(findings, machine::Verdict::kUnknown));
  if (broken > 0) text += fmt::format(", and {} prevent one", broken);
  return text;
}

int findings_status(const machine::Findings& findings) {
  return exit_status({.harness_failed = count(findings, machine::Verdict::kBroken) > 0,
                      .gate_failed = count(findings, machine::Verdict::kDisturbs) > 0});
}

}  // namespace harness
