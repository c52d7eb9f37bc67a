#pragma once

#include <string>
#include <vector>

#include "harness/protocol/cell.h"

namespace worker {

/// A cell of BERT-base's layers, as many as asked for, on a CUDA device and real windows: large
/// enough for its tensors to outweigh what libraries take, small enough for any card in use.
inline harness::Cell gpu_cell(const std::string& implementation,
                              const std::vector<std::string>& flags = {}, int64_t layers = 12) {
  harness::Cell cell;
  cell.implementation = implementation;
  cell.flags = flags;
  cell.precision = "bf16";
  cell.micro_batch = cell.global_batch = 24;
  cell.sequence_length = 384;
  cell.model = {"bert-base", layers, 768, 12, 3072, 30522, 512, 2, 1e-12, "post", "erf", 0.1, 0.1};
  cell.device.kind = "cuda";
  cell.data = {"windows", BENCH_SOURCE_DIR "/sweeps/data/squad_train_384_512.safetensors"};
  cell.measure.rounds = 1;
  cell.measure.warmup_steps = 1;
  cell.measure.steps = 2;
  return cell;
}

}  // namespace worker
