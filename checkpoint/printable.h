#pragma once

#include <string>
#include <string_view>

namespace checkpoint {

/// Text from a file as one short line for a message: quoted, other than printable ASCII as \xNN,
/// cut after 100 bytes.
std::string printable(std::string_view text);

}  // namespace checkpoint
