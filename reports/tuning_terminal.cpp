#include "reports/tuning_terminal.h"

#include "reports/text_table.h"
#include "reports/tuning_text.h"
#include "reports/words.h"

namespace reports {

using Align = TextTable::Align;
using harness::TunedCandidate;
using harness::TuningResult;

static std::string ranking_table(const TuningResult& result, bool colour) {
  constexpr std::size_t kFlagsWidth = 24;
  TextTable table({{"implementation", Align::kLeft},
                   {"flags", Align::kLeft},
                   {"micro-batch"},
                   {"samples/s"},
                   {"time over the answer's"},
                   {"rounds"}});
  for (std::size_t i = 0; i < result.ranking.size() && i <= kRunnersUpShown; ++i) {
    const TunedCandidate& row = result.ranking[i];
    const Style style = i == 0 ? Style::kBold : Style::kPlain;
    table.add_row({{one_line(row.cell.implementation), style},
                   {wrapped_flags(row.cell.flags_text(), kFlagsWidth), style},
                   {std::to_string(row.cell.micro_batch), style},
                   {rate_text(row.ranked.samples_per_second), style},
                   {i == 0 ? "the answer" : slower_text(row.ranked), style},
                   {std::to_string(row.ranked.rounds.size()), style}});
  }
  return table.text(colour);
}

std::string tuning_terminal(const TuningResult& result, bool colour) {
  std::string text = styled("Answer", Style::kBold, colour) + "\n" + paragraph(answer_text(result));
  if (const auto certainty = certainty_text(result); !certainty.empty()) {
    text += paragraph(certainty);
  }
  if (!result.ranking.empty()) text += "\n" + ranking_table(result, colour);
  if (!result.reasons.empty()) {
    text += "\n" + styled("Why these flags", Style::kBold, colour) + "\n";
    for (const std::string& reason : reason_texts(result)) text += paragraph(reason);
  }
  return text + "\n" + paragraph(effort_text(result));
}

}  // namespace reports
