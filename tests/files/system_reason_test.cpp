#include "files/system_reason.h"

#include <cerrno>

#include <gtest/gtest.h>

namespace files {
namespace {

TEST(SystemReason, says_what_to_do_where_that_is_known) {
  EXPECT_EQ(system_reason(ENOSPC), "No space left on device; free some space there");
  EXPECT_EQ(system_reason(EACCES), "Permission denied; check its permissions");
  EXPECT_EQ(system_reason(EEXIST), "File exists; name another place, or remove it");
  EXPECT_EQ(system_reason(EFBIG),
            "File too large; raise the limit on the size of files (ulimit -f)");
  EXPECT_EQ(system_reason(ENOTDIR), "Not a directory; check the path");
}

TEST(SystemReason, is_what_the_system_says_elsewhere) {
  EXPECT_EQ(system_reason(EPIPE), "Broken pipe");
}

}  // namespace
}  // namespace files
