#pragma once

#include <cstddef>
#include <span>

#include "checkpoint/pytorch/storage_view.h"

namespace checkpoint::pytorch {

/// Copy the elements of `view` out of the bytes of its storage, row-major, into `destination`,
/// which has exactly their bytes. `view` was checked against a storage of no more than `storage`.
void gather(std::span<const std::byte> storage, const StorageView& view,
            std::span<std::byte> destination);

}  // namespace checkpoint::pytorch
