#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/statistics.h"
#include "harness/protocol/record.h"

namespace reports {

/// Values as people read them, in the terminal and in Markdown; "" where there is none.
std::string rate_text(const std::optional<double>& samples_per_second);
std::string ratio_text(const std::optional<double>& ratio);
std::string mib_text(const std::optional<int64_t>& bytes);  ///< "812.3", without the unit
/// A peak in MiB: "812.3", or "812.3 (planned)".
std::string peak_text(const std::optional<int64_t>& bytes, bool planned);
/// "1.46-1.53", with `dash` between.
std::string interval_text(const std::optional<harness::Interval>& interval, const char* dash);
/// A memory limit: "16 GiB", "1.5 GiB", "800 MiB".
std::string limit_text(int64_t bytes);
/// "OOM", "not run", or the status as records write it.
std::string status_text(const std::optional<harness::Status>& status);
/// A rate where there is one, else what became of the cell.
std::string outcome_text(const std::optional<double>& samples_per_second,
                         const std::optional<harness::Status>& status);
/// "38 s", "12 min 5 s", "3 h 5 min", "2 d 4 h".
std::string duration_text(double seconds);
/// "9-12", "9", or "15 and more".
std::string range_text(int64_t from, const std::optional<int64_t>& to);
/// "precision bf16, layers 2"; "" without axes.
std::string axes_text(const std::vector<std::string>& names,
                      const std::vector<std::string>& values);
/// "precision bf16, layers 2, fused"; the implementation alone without axes.
std::string subject_text(const std::vector<std::string>& names,
                         const std::vector<std::string>& values, const std::string& implementation);
/// "fused", or "fused, without padding" where `work` says that it computes something else than its
/// like without flags.
std::string implementation_text(const std::string& implementation, const std::string& work);
/// Control characters and line breaks as spaces: what a crashed process said must neither break a
/// table nor drive a terminal.
std::string one_line(const std::string& text);

}  // namespace reports
