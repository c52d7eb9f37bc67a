#pragma once

#include <string>
#include <vector>

#include "checkpoint/pickle/graph.h"
#include "checkpoint/pytorch/storage_view.h"

namespace checkpoint::pytorch {

struct NamedView {
  std::string name;
  StorageView view;
};

/// All tensors of what was saved, in its order: dicts, OrderedDicts, lists and tuples are walked,
/// and the keys on the way are joined by "/" ("module/bert.pooler.dense_act.weight"); everything
/// else, unsupported tensors included, is passed over. A tensor saved alone is called "tensor".
/// Throws CheckpointError, beginning with `where`: a description that cannot be (the tensor is
/// named), nesting deeper than 32, more than a million visits.
std::vector<NamedView> find_tensors(const pickle::Graph& graph, const std::string& where);

}  // namespace checkpoint::pytorch
