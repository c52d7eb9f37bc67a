#include "worker/cell_data.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checkpoint/checkpoint_error.h"
#include "files/file_error.h"
#include "machine/cache_folder.h"
#include "model/window_file.h"
#include "squad/squad_error.h"
#include "worker/squad_windows.h"

namespace worker {
namespace {

std::vector<model::Window> read_windows(const harness::Cell& cell) {
  if (!cell.data.questions) return model::read_window_file(cell.data.file);
  auto cache = machine::cache_folder();
  if (cache) *cache /= "windows";
  return squad_windows(cell.data, cell.sequence_length, cache);
}

/// Prepared windows are whole, whatever the cell's sequence length; questions are cut to it.
std::string key_of(const harness::Cell& cell) {
  return fmt::format("{} {}", nlohmann::json(cell.data).dump(),
                     cell.data.questions ? cell.sequence_length : 0);
}

}  // namespace

CellData::Entry CellData::read(const harness::Cell& cell) {
  try {
    return {std::make_shared<const std::vector<model::Window>>(read_windows(cell)), ""};
  } catch (const squad::SquadError& error) {
    return {nullptr, error.what()};
  } catch (const files::FileError& error) {
    return {nullptr, error.what()};
  } catch (const checkpoint::CheckpointError& error) {
    return {nullptr, error.what()};
  } catch (const std::invalid_argument& error) {
    return {nullptr, error.what()};
  }
}

std::shared_ptr<const std::vector<model::Window>> CellData::windows(
    const harness::Cell& cell) const {
  const std::lock_guard lock(mutex_);
  const std::string key = key_of(cell);
  auto known = known_.find(key);
  if (known == known_.end()) known = known_.emplace(key, read(cell)).first;
  if (known->second.windows == nullptr) throw DataError(known->second.error);
  return known->second.windows;
}

}  // namespace worker
