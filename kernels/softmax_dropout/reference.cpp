#include "kernels/softmax_dropout/reference.h"

#include <algorithm>
#include <cmath>

#include "kernels/core/dropout_bits.h"

namespace kernels {
namespace {

/// visit(offset of the row, b, head, row, attended columns) for each row of scores.
template <class Args, class Visit>
void for_each_row(const Args& args, const Visit& visit) {
  for (int64_t b = 0; b < args.batch; ++b) {
    const int64_t length = std::min(args.lengths[b], args.sequence);
    for (int64_t head = 0; head < args.heads; ++head) {
      for (int64_t row = 0; row < args.sequence; ++row) {
        const int64_t offset = ((b * args.heads + head) * args.sequence + row) * args.sequence;
        visit(offset, b, head, row, length > 0 ? length : args.sequence);
      }
    }
  }
}

}  // namespace

void reference_softmax_dropout_forward(const SoftmaxDropoutForward<double>& args) {
  const double keep_scale = dropout_scale(args.stream.probability);
  for_each_row(args, [&](int64_t offset, int64_t b, int64_t head, int64_t row, int64_t valid) {
    double maximum = -INFINITY;
    for (int64_t i = 0; i < valid; ++i) {
      maximum = std::max(maximum, args.scale * args.scores[offset + i]);
    }
    double sum = 0;
    for (int64_t i = 0; i < valid; ++i) {
      sum += std::exp(args.scale * args.scores[offset + i] - maximum);
    }
    for (int64_t i = 0; i < args.sequence; ++i) {
      const double p =
          i < valid ? std::exp(args.scale * args.scores[offset + i] - maximum) / sum : 0;
      args.probabilities[offset + i] = p;
      if (args.dropped == nullptr) continue;
      args.dropped[offset + i] = keep(args.stream, b, head, row, i) ? p * keep_scale : 0;
    }
  });
}

void reference_softmax_dropout_backward(const SoftmaxDropoutBackward<double>& args) {
  const double keep_scale = dropout_scale(args.stream.probability);
  for_each_row(args, [&](int64_t offset, int64_t b, int64_t head, int64_t row, int64_t valid) {
    const auto d_probability = [&](int64_t i) {
      return keep(args.stream, b, head, row, i) ? args.d_dropped[offset + i] * keep_scale : 0;
    };
    double mean = 0;
    for (int64_t i = 0; i < valid; ++i) mean += d_probability(i) * args.probabilities[offset + i];
    for (int64_t i = 0; i < args.sequence; ++i) {
      const double p = i < valid ? args.probabilities[offset + i] : 0;
      args.d_scores[offset + i] = args.scale * p * (d_probability(i) - mean);
    }
  });
}

}  // namespace kernels
