#pragma once

#include "harness/protocol/catalog.h"
#include "harness/spec/spec_node.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// The `implementation` axis: names of the catalog, and foreign implementations,
/// `{"name": "hf_eager", "worker": ["python3", "hf_worker.py"]}`, whose program speaks the worker
/// protocol (docs/worker_protocol.md). Fills in spec.implementations and spec.workers.
///
/// A word of a worker's command that names a file, beside the sweep file or else in the current
/// folder, becomes its absolute path; the first word is otherwise a program in PATH.
void read_implementation_axis(const SpecNode& axis, const Catalog& catalog, SweepSpec& spec);

}  // namespace harness
