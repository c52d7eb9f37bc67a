#pragma once

#include <cstdint>

#include "kernels/core/dropout_stream.h"

namespace apps {

/// Runs the operators' generator over the bits of [batch, heads, rows, columns], with nothing else
/// to do, and writes how many elements of each row are dropped: `dropped` [batch * heads * rows].
struct GeneratorRun {
  float* dropped;
  int64_t batch;
  int64_t heads;
  int64_t rows;
  int64_t columns;
  kernels::DropoutStream stream;
};

void count_dropped(const GeneratorRun& run);

/// The same from the scalar definition of the bits.
void reference_count_dropped(const GeneratorRun& run);

}  // namespace apps
