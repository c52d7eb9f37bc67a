#include "reports/words.h"

#include <cmath>

#include <fmt/format.h>

namespace reports {

std::string rate_text(const std::optional<double>& samples_per_second) {
  if (!samples_per_second) return "";
  return *samples_per_second < 10 ? fmt::format("{:.3f}", *samples_per_second)
                                  : fmt::format("{:.2f}", *samples_per_second);
}

std::string ratio_text(const std::optional<double>& ratio) {
  return ratio ? fmt::format("{:.2f}", *ratio) : "";
}

std::string mib_text(const std::optional<int64_t>& bytes) {
  return bytes ? fmt::format("{:.1f}", static_cast<double>(*bytes) / (1 << 20)) : "";
}

std::string peak_text(const std::optional<int64_t>& bytes, bool planned) {
  return mib_text(bytes) + (bytes && planned ? " (planned)" : "");
}

std::string interval_text(const std::optional<harness::Interval>& interval, const char* dash) {
  return interval ? fmt::format("{:.2f}{}{:.2f}", interval->low, dash, interval->high) : "";
}

std::string limit_text(int64_t bytes) {
  const double gib = static_cast<double>(bytes) / (1 << 30);
  return gib >= 1 ? fmt::format("{:.4g} GiB", gib) : fmt::format("{:.4g} MiB", gib * 1024);
}

std::string status_text(const std::optional<harness::Status>& status) {
  if (!status) return "not run";
  if (status == harness::Status::kOutOfMemory) return "OOM";
  return std::string(to_string(*status));
}

std::string outcome_text(const std::optional<double>& samples_per_second,
                         const std::optional<harness::Status>& status) {
  return samples_per_second ? rate_text(samples_per_second) : status_text(status);
}

std::string duration_text(double seconds) {
  const int64_t whole = std::llround(seconds);
  const int64_t minutes = whole / 60;
  const int64_t hours = minutes / 60;
  if (hours >= 24) return fmt::format("{} d {} h", hours / 24, hours % 24);
  if (hours > 0) return fmt::format("{} h {} min", hours, minutes % 60);
  if (minutes > 0) return fmt::format("{} min {} s", minutes, whole % 60);
  return fmt::format("{} s", whole);
}

std::string range_text(int64_t from, const std::optional<int64_t>& to) {
  if (!to) return fmt::format("{} and more", from);
  return from == *to ? std::to_string(from) : fmt::format("{}-{}", from, *to);
}

std::string axes_text(const std::vector<std::string>& names,
                      const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("{}{} {}", i > 0 ? ", " : "", names[i], values[i]);
  }
  return one_line(text);
}

std::string subject_text(const std::vector<std::string>& names,
                         const std::vector<std::string>& values,
                         const std::string& implementation) {
  const std::string axes = axes_text(names, values);
  return axes + (axes.empty() ? "" : ", ") + one_line(implementation);
}

std::string implementation_text(const std::string& implementation, const std::string& work) {
  return one_line(work.empty() ? implementation : implementation + ", " + work);
}

std::string one_line(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return result;
}

}  // namespace reports
