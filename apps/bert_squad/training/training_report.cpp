#include "apps/bert_squad/training/training_report.h"

#include <fmt/format.h>

namespace apps {

std::string training_report(const TrainingSummary& summary, std::span<const LossPoint> points) {
  const LossPoint& last = points.back();
  std::string text = "# Fine-tuning on SQuAD\n\n| | |\n|---|---|\n";
  for (const auto& [name, value] : summary.settings) {
    text += fmt::format("| {} | {} |\n", name, value);
  }
  text += fmt::format("| steps | {} of {} |\n", last.step, summary.total_steps);
  text += fmt::format("| loss of the last step | {:.4f} |\n", last.loss);
  text += fmt::format("| average of the losses at the end | {:.4f} |\n", last.average);
  if (summary.sequences > 0) {
    text += fmt::format("| time of steps {} to {} | {:.1f} s |\n", summary.first_step + 1,
                        last.step, summary.seconds);
    text += fmt::format("| samples/second | {:.2f} |\n",
                        static_cast<double>(summary.sequences) / summary.seconds);
  }
  text +=
      "\n![Loss over the steps](loss_curve.svg)\n\n"
      "The numbers behind the curve are in [loss_curve.csv](loss_curve.csv). The model is\n"
      "`model.safetensors` with `config.json` and `vocab.txt`: give this folder to\n"
      "`bert_squad predict --model_file`.\n";
  return text;
}

}  // namespace apps
