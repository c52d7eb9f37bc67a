#include "files/system_reason.h"

#include <cerrno>
#include <system_error>

namespace files {
namespace {

/// Empty where the system's own words are all there is to say.
const char* remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "free some space there";
    case EFBIG:
      return "raise the limit on the size of files (ulimit -f)";
    case EACCES:
    case EPERM:
      return "check its permissions";
    case EROFS:
      return "name a place that can be written";
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
      return "check the path";
    case ENAMETOOLONG:
      return "use a shorter name";
    case EEXIST:
      return "name another place, or remove it";
    case EMFILE:
    case ENFILE:
      return "raise the limit on open files (ulimit -n)";
    case EIO:
      return "look at what dmesg says of the disk";
    default:
      return "";
  }
}

}  // namespace

std::string system_reason(int error) {
  const std::string what = std::generic_category().message(error);
  const std::string what_to_do = remedy(error);
  return what_to_do.empty() ? what : what + "; " + what_to_do;
}

}  // namespace files
