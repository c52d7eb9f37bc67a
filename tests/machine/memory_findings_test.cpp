#include "machine/memory_findings.h"

#include "tests/machine/fake_root.h"

namespace machine {
namespace {

class MemoryFindings : public FakeRoot {
 protected:
  void memory(int64_t available_gib, int64_t swap_kib, int64_t swap_free_kib) const {
    write("proc/meminfo",
          "MemTotal:  16777216 kB\nMemAvailable:  " + std::to_string(available_gib << 20) +
              " kB\nSwapTotal:  " + std::to_string(swap_kib) +
              " kB\nSwapFree:  " + std::to_string(swap_free_kib) + " kB\n");
  }
  Finding finding(const std::string& subject) const {
    for (const auto& found : memory_findings(root_)) {
      if (found.subject == subject) return found;
    }
    ADD_FAILURE() << "nothing about " << subject;
    return {};
  }
  Verdict verdict(const std::string& subject) const { return finding(subject).verdict; }
};

TEST_F(MemoryFindings, are_unknown_where_the_kernel_says_nothing) {
  for (const auto& found : memory_findings(root_)) {
    EXPECT_EQ(found.verdict, Verdict::kUnknown) << found.subject;
  }
}

TEST_F(MemoryFindings, want_room_for_a_worker) {
  memory(8, 0, 0);
  EXPECT_EQ(verdict("free memory"), Verdict::kOk);
  EXPECT_EQ(finding("free memory").what, "8.0 GiB of 16.0 GiB");
  memory(1, 0, 0);
  EXPECT_EQ(verdict("free memory"), Verdict::kDisturbs);
}

TEST_F(MemoryFindings, a_container_s_limit_counts) {
  memory(8, 0, 0);
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "3221225472\n");
  write("sys/fs/cgroup/memory.current", "2147483648\n");
  EXPECT_EQ(finding("free memory").what.substr(0, 21), "1.0 GiB of 16.0 GiB: ");
  EXPECT_EQ(verdict("free memory"), Verdict::kDisturbs);
}

TEST_F(MemoryFindings, swap_disturbs_once_it_is_used) {
  memory(8, 0, 0);
  EXPECT_EQ(finding("swap").what, "none");
  memory(8, 2097152, 2097152);
  EXPECT_EQ(verdict("swap"), Verdict::kOk);
  memory(8, 2097152, 1048576);
  EXPECT_EQ(verdict("swap"), Verdict::kDisturbs);
  EXPECT_EQ(finding("swap").what.substr(0, 15), "1.0 GiB in use:");
}

TEST_F(MemoryFindings, huge_pages_for_everyone_disturb) {
  const std::string file = "sys/kernel/mm/transparent_hugepage/enabled";
  write(file, "[always] madvise never\n");
  EXPECT_EQ(verdict("huge pages"), Verdict::kDisturbs);
  write(file, "always [madvise] never\n");
  EXPECT_EQ(verdict("huge pages"), Verdict::kOk);
  write(file, "always madvise [never]\n");
  EXPECT_EQ(finding("huge pages").what, "never");
}

}  // namespace
}  // namespace machine
