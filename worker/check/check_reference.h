#pragma once

#include <string>

#include "harness/protocol/check_reference.h"
#include "model/implementation.h"
#include "serve/request.h"

namespace worker {

/// Writes the check's problem without dropout as a safetensors file, so that a program in any
/// language can hold itself against what check_cell() holds the registry's implementations against
/// (docs/worker_protocol.md lists the tensors), and says what must agree how well. `reference` is
/// the implementation whose layer is the fp64 reference.
/// Throws std::runtime_error where the device cannot run the cell or the reference proves nothing,
/// harness::ProtocolError for names that the registry lacks, and as
/// checkpoint::write_safetensors does.
harness::CheckReference write_reference(const serve::ReferenceRequest& request,
                                        const model::Registry& registry,
                                        const std::string& reference);

}  // namespace worker
