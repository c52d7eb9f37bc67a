#include "harness/cli/tuning_progress.h"

#include <utility>

#include <fmt/format.h>

#include "harness/analysis/cell_label.h"
#include "harness/cli/progress_text.h"

namespace harness {

TuningProgress::TuningProgress(StatusLine::Mode mode, std::vector<std::string> axes)
    : line_(mode), axes_(std::move(axes)) {}

std::string TuningProgress::line_text(const TuningState& state, const Cell& cell,
                                      const std::string& outcome) const {
  auto text = fmt::format("[{} of at most {}] {}  {}", state.trial, state.trial_limit,
                          to_string(state.stage), cell_label(cell, axes_));
  if (!outcome.empty()) text += "  " + outcome;
  if (state.budget_left_s) text += "  " + time_left_text(state.budget_left_s);
  return text;
}

void TuningProgress::started(const TuningState& state, const Cell& cell) {
  line_.draw(line_text(state, cell, ""));
}

void TuningProgress::finished(const TuningState& state, const Record& record) {
  const auto text = line_text(state, record.cell, outcome_text(record));
  if (line_.mode() == StatusLine::Mode::kLines || record.status != Status::kPassed) {
    line_.print(text);
  } else {
    line_.draw(text);
  }
}

}  // namespace harness
