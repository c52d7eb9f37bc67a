#include "kernels/dropout/reference.h"

#include "kernels/core/dropout_bits.h"

namespace kernels {

void reference_dropout(const Dropout<double>& args) {
  const double scale = dropout_scale(args.stream.probability);
  int64_t i = 0;
  for (int64_t b = 0; b < args.sequences.batch; ++b) {
    for (int64_t h = 0; h < args.heads; ++h) {
      for (int64_t row = 0; row < args.sequences.length(b); ++row) {
        for (int64_t column = 0; column < args.columns; ++column, ++i) {
          args.output[i] = keep(args.stream, b, h, row, column) ? args.input[i] * scale : 0;
        }
      }
    }
  }
}

}  // namespace kernels
