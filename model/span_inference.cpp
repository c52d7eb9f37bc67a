#include "model/span_inference.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

namespace model {
namespace {

int64_t tokens_of(const Window& window) {
  return static_cast<int64_t>(window.input_ids.size());
}

/// Places in `windows`, longest first, equals in their order.
std::vector<size_t> by_length(std::span<const Window> windows) {
  std::vector<size_t> order(windows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t left, size_t right) {
    return windows[left].input_ids.size() > windows[right].input_ids.size();
  });
  return order;
}

/// One window's logits, rows [first, first + tokens) of `logits` [rows, 2] on the host.
SpanLogits cut(const at::Tensor& logits, int64_t first, int64_t tokens) {
  SpanLogits result;
  const float* row = logits.const_data_ptr<float>() + 2 * first;
  for (int64_t i = 0; i < tokens; ++i, row += 2) {
    result.start.push_back(row[0]);
    result.end.push_back(row[1]);
  }
  return result;
}

}  // namespace

std::vector<SpanLogits> infer_spans(const BertForSquad& bert, const DropoutSource& dropout,
                                    std::span<const Window> windows,
                                    const InferenceOptions& options,
                                    const InferenceProgress& progress) {
  if (options.batch < 1) {
    throw std::invalid_argument("a prediction batch of " + std::to_string(options.batch) +
                                " windows; it must be at least 1");
  }
  const at::NoGradGuard no_grad;
  const std::vector<size_t> order = by_length(windows);
  int64_t all = 0;
  for (const Window& window : windows) all += tokens_of(window);
  int64_t done = 0;
  std::vector<SpanLogits> results(windows.size());
  const auto size = static_cast<size_t>(options.batch);
  for (size_t begin = 0; begin < order.size(); begin += size) {
    const std::span<const size_t> places =
        std::span(order).subspan(begin, std::min(size, order.size() - begin));
    std::vector<Window> chosen;
    for (const size_t place : places) chosen.push_back(windows[place]);
    const Batch batch = make_batch(chosen, tokens_of(chosen.front()), /*first_sequence=*/0,
                                   options.activations, options.row_layout);
    const at::Tensor logits = bert.forward(batch, dropout, /*training=*/false)
                                  .to(at::kFloat)
                                  .to(at::kCPU)
                                  .view({batch.layout.rows(), 2})
                                  .contiguous();
    for (size_t i = 0; i < places.size(); ++i) {
      results[places[i]] = cut(logits, batch.layout.offsets[i], batch.layout.lengths[i]);
      done += batch.layout.lengths[i];
    }
    progress(done, all);
  }
  return results;
}

}  // namespace model
