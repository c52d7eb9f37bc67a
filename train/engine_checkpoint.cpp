#include "train/engine_checkpoint.h"

#include <functional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <ATen/Context.h>
#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/checksummed_file.h"
#include "checkpoint/latest_tag.h"
#include "checkpoint/open_checkpoint.h"
#include "checkpoint/step_folder.h"
#include "model/stored_tensor.h"

namespace train {
namespace {

using checkpoint::CheckpointError;
using std::filesystem::path;

int rank(const CheckpointedRun& run) {
  return run.reduction == nullptr ? 0 : run.reduction->rank();
}

int processes(const CheckpointedRun& run) {
  return run.reduction == nullptr ? 1 : run.reduction->processes();
}

std::string state_file(int rank, int processes) {
  return fmt::format("state-{}-of-{}.safetensors", rank, processes);
}

/// What is stored in one file, by name; the tensors share the run's memory.
using NamedTensors = std::vector<model::StateTensor>;

NamedTensors weights(const CheckpointedRun& run) {
  NamedTensors tensors;
  for (const model::WeightView& weight : run.bert.weights()) {
    tensors.push_back({weight.name, weight.value().detach()});
  }
  return tensors;
}

/// LibTorch's generator of the device that the model is on; undefined on the CPU.
at::Generator device_generator(const CheckpointedRun& run) {
  const at::Device device = run.bert.parameters().front().tensor.device();
  return device.is_cpu() ? at::Generator() : at::globalContext().defaultGenerator(device);
}

/// A process's optimizer state, and where LibTorch's generators are.
NamedTensors process_state(const CheckpointedRun& run) {
  NamedTensors tensors;
  for (model::StateTensor& part : run.optimizer.state()) {
    tensors.push_back({"optimizer." + part.name, part.tensor});
  }
  tensors.push_back({"generator", at::detail::getDefaultCPUGenerator().get_state()});
  if (const auto device = device_generator(run); device.defined()) {
    tensors.push_back({"device_generator", device.get_state()});
  }
  return tensors;
}

Agreement agreement_of(const CheckpointedRun& run) {
  Agreement agreement =
      model_agreement(run.bert.config(), run.bert.weights().front().parameter.scalar_type());
  agreement.insert(run.agreement.begin(), run.agreement.end());
  return agreement;
}

void write(const path& file, const NamedTensors& tensors,
           const std::map<std::string, std::string>& metadata) {
  NamedTensors on_cpu;
  std::vector<checkpoint::TensorView> views;
  for (const model::StateTensor& stored : tensors) {
    on_cpu.push_back({stored.name, stored.tensor.cpu().contiguous()});
    views.push_back(model::stored_view(stored.name, on_cpu.back().tensor));
  }
  checkpoint::write_checksummed(file, std::move(views), metadata);
}

// ---- loading

/// Throws unless `file` holds exactly `tensors`, by name, dtype and shape.
void check_tensors(const checkpoint::SafetensorsFile& file, const NamedTensors& tensors) {
  const checkpoint::SafetensorsHeader& header = file.header();
  for (const model::StateTensor& wanted : tensors) {
    const checkpoint::TensorInfo& stored = header.at(wanted.name);
    if (stored.dtype == model::stored_dtype(wanted.tensor.scalar_type()) &&
        wanted.tensor.sizes() == at::IntArrayRef(stored.shape)) {
      continue;
    }
    throw CheckpointError(fmt::format(
        "{}: {} is {} of {} elements, and the run's is {} of {}: go on with what it "
        "was saved with",
        header.file, wanted.name, checkpoint::dtype_name(stored.dtype), stored.elements(),
        at::toString(wanted.tensor.scalar_type()), wanted.tensor.numel()));
  }
  if (header.tensors.size() != tensors.size()) {
    throw CheckpointError(fmt::format("{}: it holds {} tensors, and the run has {}", header.file,
                                      header.tensors.size(), tensors.size()));
  }
}

void copy_tensors(const checkpoint::SafetensorsFile& file, const NamedTensors& tensors) {
  for (const model::StateTensor& target : tensors) {
    model::copy_stored(file.bytes(file.header().at(target.name)), target.tensor);
  }
}

/// Throws where the checkpoint is one of another number of processes.
void check_processes(const path& saved, const CheckpointedRun& run) {
  std::error_code ignored;
  if (std::filesystem::exists(saved / state_file(rank(run), processes(run)), ignored)) return;
  throw CheckpointError(
      fmt::format("{}: it has no {}: go on with as many processes as it was saved by",
                  saved.string(), state_file(rank(run), processes(run))));
}

// ---- saving

/// Does `action` in this process, while the others do theirs. Throws in all where one failed, after
/// `undo`.
void together(const CheckpointedRun& run, const std::function<void()>& action,
              const std::function<void()>& undo) {
  std::string problem;
  try {
    action();
  } catch (const std::exception& error) {
    problem = error.what();
  }
  const bool failed = !problem.empty();
  if (!(run.reduction == nullptr ? failed : run.reduction->any(failed))) return;
  undo();
  throw CheckpointError(fmt::format(
      "step {} was not saved, earlier checkpoints are as they were: {}", run.engine.global_step(),
      failed ? problem : "another process could not write its part"));
}

}  // namespace

path save_engine_checkpoint(const path& folder, const CheckpointedRun& run) {
  const CheckpointMetadata metadata{run.engine.state(), agreement_of(run)};
  const checkpoint::StepFolder target(folder, metadata.state.global_step);
  const bool first = rank(run) == 0;
  const auto undo = [&] {
    if (first) target.remove();
  };
  const auto create = [&] {
    if (first) target.create();
  };
  const auto write_own = [&] {
    if (first)
      write(target.unfinished() / checkpoint::kModelWeights, weights(run), {{"format", "pt"}});
    write(target.unfinished() / state_file(rank(run), processes(run)), process_state(run),
          write_metadata(metadata));
  };
  const auto finish = [&] {
    if (first) target.finish();
  };
  together(run, create, undo);
  together(run, write_own, undo);
  together(run, finish, undo);  // Only the first can fail.
  return target.place();
}

bool has_engine_checkpoint(const path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / checkpoint::kLatestTag, ignored);
}

void load_engine_checkpoint(const path& folder, const CheckpointedRun& run) {
  if (!has_engine_checkpoint(folder)) {
    throw CheckpointError(fmt::format("{}: there is no checkpoint to go on from (no file {})",
                                      folder.string(), checkpoint::kLatestTag));
  }
  const path saved = folder / checkpoint::read_latest_tag(folder / checkpoint::kLatestTag);
  check_processes(saved, run);
  const auto state = checkpoint::open_checksummed(saved / state_file(rank(run), processes(run)));
  const CheckpointMetadata metadata = read_metadata(state.header().metadata, state.header().file);
  check_agreement(metadata.agreement, agreement_of(run), state.header().file);
  const auto weight_file = checkpoint::open_checksummed(saved / checkpoint::kModelWeights);
  const NamedTensors all_weights = weights(run);
  NamedTensors all_state = process_state(run);
  check_tensors(weight_file, all_weights);
  check_tensors(state, all_state);
  try {
    run.engine.restore(metadata.state);
  } catch (const std::invalid_argument& error) {
    throw CheckpointError(fmt::format("{}: {}", state.header().file, error.what()));
  }
  copy_tensors(weight_file, all_weights);
  copy_tensors(state, all_state);
  for (const model::StateTensor& stored : all_state) {
    if (stored.name == "generator") {
      at::Generator(at::detail::getDefaultCPUGenerator()).set_state(stored.tensor);
    } else if (stored.name == "device_generator") {
      device_generator(run).set_state(stored.tensor);
    }
  }
}

}  // namespace train
