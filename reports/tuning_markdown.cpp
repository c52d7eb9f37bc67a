#include "reports/tuning_markdown.h"

#include <cmath>

#include <fmt/format.h>

#include "reports/deepspeed_config.h"
#include "reports/markdown_table.h"
#include "reports/tuning_text.h"
#include "reports/words.h"

namespace reports {

using Align = MarkdownTable::Align;
using harness::CostTerm;
using harness::TunedCandidate;
using harness::TuningResult;

static std::string paragraph_of(const std::string& text) {
  return text.empty() ? "" : markdown_text(text) + "\n\n";
}

static std::string question_section(const TuningResult& result) {
  if (result.ranking.empty()) return "";
  const harness::Cell& cell = result.ranking.front().cell;
  auto text =
      fmt::format("{}, sequence length {}, {}, global batch {}, on {}", cell.model.preset,
                  cell.sequence_length, cell.precision, cell.global_batch, cell.device.kind);
  if (const auto& limit = cell.device.memory_limit_bytes) {
    text += fmt::format(" with {}", limit_text(*limit));
  }
  return paragraph_of(text + ".");
}

static std::string answer_section(const TuningResult& result) {
  std::string text = "## Answer\n\n**" + markdown_text(answer_text(result)) + "**\n\n" +
                     paragraph_of(certainty_text(result));
  if (result.ranking.empty()) return text;
  const harness::Cell& cell = result.ranking.front().cell;
  if (!cell.worker.empty()) {
    return text +
           "`deepspeed_config.json` beside this page has its batch sizes, precision and "
           "flags; `bert_squad` does not know an implementation that a sweep brings.\n\n";
  }
  return text + "To train with it (`deepspeed_config.json` lies beside this page):\n\n```\n" +
         one_line(training_command(cell)) + " ...\n```\n\n";
}

static std::string ranking_section(const TuningResult& result) {
  if (result.ranking.empty()) return "";
  MarkdownTable table({{"implementation", Align::kLeft},
                       {"optimizer", Align::kLeft},
                       {"flags", Align::kLeft},
                       {"micro-batch"},
                       {"samples/s"},
                       {"95 %"},
                       {"rounds"},
                       {"time over the answer's"},
                       {"planned peak MiB"}});
  for (std::size_t i = 0; i < result.ranking.size() && i <= kRunnersUpShown; ++i) {
    const TunedCandidate& row = result.ranking[i];
    table.add_row({row.cell.implementation, row.cell.optimizer, row.cell.flags_text(),
                   std::to_string(row.cell.micro_batch), rate_text(row.ranked.samples_per_second),
                   interval_text(row.ranked.interval, "–"),
                   std::to_string(row.ranked.rounds.size()), slower_text(row.ranked),
                   mib_text(row.planned ? std::optional(row.planned->peak_bytes) : std::nullopt)});
  }
  std::string text = "## Runners-up\n\n" + table.text();
  if (result.ranking.size() > kRunnersUpShown + 1) {
    text += fmt::format("{} more passed their trials; `tuning.json` has all.\n\n",
                        result.ranking.size() - kRunnersUpShown - 1);
  }
  return text;
}

static std::string reason_section(const TuningResult& result) {
  if (result.ranking.empty()) return "";
  std::string text = "## Why these flags\n\n";
  if (result.ranking.front().cell.flags.empty()) {
    text += "The answer needs none: it fits without.\n\n";
  }
  for (const std::string& reason : reason_texts(result)) {
    text += "- " + markdown_text(reason) + "\n";
  }
  return text + "\n";
}

static std::string term_text(const CostTerm& term) {
  switch (term.kind) {
    case CostTerm::Kind::kImplementation:
      return term.subject + ", of large micro-batches";
    case CostTerm::Kind::kMicroBatch:
      return term.subject + ", the smallest micro-batch";
    case CostTerm::Kind::kLargeMicroBatch:
      return "the largest micro-batch";
    case CostTerm::Kind::kOptimizer:
      return "optimizer " + term.subject;
    case CostTerm::Kind::kFlag:
      return "flag " + term.subject;
  }
  return "";
}

static std::string model_section(const TuningResult& result) {
  if (result.terms.empty()) return "";
  MarkdownTable table({{"term", Align::kLeft}, {"step time"}, {"standard error"}});
  for (const auto& [term, estimate] : result.terms) {
    const bool is_time = term.kind == CostTerm::Kind::kImplementation;
    table.add_row({term_text(term),
                   is_time
                       ? fmt::format("{:.4g} ms a sequence", 1e3 * std::exp(estimate.log_seconds))
                       : fmt::format("{:+.1f} %", 100 * std::expm1(estimate.log_seconds)),
                   fmt::format("{:.1f} %", 100 * estimate.deviation)});
  }
  return "## Cost model\n\nFitted to all trials; it chose what to measure, and the answer is "
         "measured.\n\n" +
         table.text() +
         fmt::format("A trial counts as {:.1f} % off it; less than {:.0f} % is never assumed.\n\n",
                     100 * result.residual_deviation, 100 * harness::kLeastDeviation);
}

static std::string search_section(const TuningResult& result) {
  std::string text = "## Search\n\n" + paragraph_of(effort_text(result));
  MarkdownTable passes({{"pass"}, {"stage", Align::kLeft}, {"trials"}});
  for (const harness::PassSummary& pass : result.passes) {
    passes.add_row({std::to_string(pass.number), std::string(to_string(pass.stage)),
                    std::to_string(pass.trials)});
  }
  if (!passes.empty()) text += passes.text();
  if (result.left_out.empty()) return text;
  MarkdownTable left_out({{"not launched", Align::kLeft}, {"cells"}});
  for (const harness::StatusCount& count : result.left_out) {
    left_out.add_row({std::string(to_string(count.status)), std::to_string(count.records)});
  }
  return text + left_out.text();
}

std::string tuning_markdown(const TuningResult& result) {
  std::string text = "# " + markdown_text(result.name) + ", tuned\n\n" + question_section(result) +
                     answer_section(result) + ranking_section(result) + reason_section(result) +
                     model_section(result) + search_section(result);
  text.pop_back();  // the empty line after the last section
  return text;
}

}  // namespace reports
