#pragma once

#include <cstdint>
#include <string>

#include "tests/checkpoint/pickle/pickle_bytes.h"

namespace checkpoint::pytorch {

/// torch.save's persistent id of a storage of `elements` floats; `view` as old files have it.
inline std::string storage(const std::string& key, int64_t elements, const std::string& view = "",
                           const std::string& type = "FloatStorage") {
  using namespace pickle;
  return tuple(unicode("storage") + global("torch", type) + unicode(key) + unicode("cpu") +
               integer(elements) + view) +
         "Q";
}

/// A call of torch._utils._rebuild_tensor_v2.
inline std::string tensor(const std::string& storage_id, int64_t offset, const std::string& shape,
                          const std::string& strides) {
  using namespace pickle;
  return global("torch._utils", "_rebuild_tensor_v2") +
         tuple(storage_id + integer(offset) + tuple(shape) + tuple(strides) + "\x89N") + "R";
}

}  // namespace checkpoint::pytorch
