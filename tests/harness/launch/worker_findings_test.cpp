#include "harness/launch/worker_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using machine::Verdict;
using ::testing::HasSubstr;

const WorkerAccess kStub = {.program = stubs::worker_path()};

TEST(WorkerLibraries, are_what_the_loader_would_load) {
  const auto libraries = parse_libraries(
      "\tlinux-vdso.so.1 (0x00007ffd)\n"
      "\tlibtorch_cpu.so => /opt/torch (2)/lib/libtorch_cpu.so (0x00007f01)\n"
      "\tlibc10.so => not found\n"
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f02)\n");
  ASSERT_EQ(libraries.size(), 2u);
  EXPECT_EQ(libraries[0].name, "libtorch_cpu.so");
  EXPECT_EQ(libraries[0].path, "/opt/torch (2)/lib/libtorch_cpu.so");
  EXPECT_EQ(libraries[1].name, "libc10.so");
  EXPECT_EQ(libraries[1].path, std::nullopt);
}

TEST(WorkerLibraries, name_the_cuda_runtime) {
  const std::string runtime = "\tlibcudart.so.13 => /usr/lib/libcudart.so.13 (0x1)\n";
  EXPECT_EQ(cuda_runtime(parse_libraries(runtime + "\tlibtorch_cuda.so => not found\n")), 13);
  EXPECT_EQ(cuda_runtime(parse_libraries(runtime)), std::nullopt);
  EXPECT_EQ(cuda_runtime(parse_libraries("\tlibtorch_cuda.so => /a (0x1)\n")), std::nullopt);
}

// This test program stands in for a worker: a dynamic program that needs the C library.
TEST(WorkerLibraries, of_a_program_are_found_without_running_it) {
  stubs::set_behaviour();
  const auto libraries = worker_libraries({.program = "/proc/self/exe"});
  EXPECT_THAT(libraries, ::testing::Contains(::testing::Field(&WorkerLibrary::name, "libc.so.6")));
}

TEST(WorkerFindings, a_worker_that_starts_and_ends_is_fine) {
  stubs::set_behaviour();
  const auto findings =
      worker_findings(kStub, {{"libtorch_cpu.so", "/opt/torch/lib/libtorch_cpu.so"}});
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].verdict, Verdict::kOk);
  EXPECT_EQ(findings[0].what, "/opt/torch/lib/libtorch_cpu.so");
  EXPECT_EQ(findings[1].verdict, Verdict::kOk);
}

TEST(WorkerFindings, a_missing_library_is_named) {
  stubs::set_behaviour();
  const auto finding = worker_findings(kStub, {{"libc10.so", std::nullopt}}).at(0);
  EXPECT_EQ(finding.verdict, Verdict::kBroken);
  EXPECT_EQ(finding.what, "libc10.so is not found");
  EXPECT_THAT(finding.remedy, HasSubstr("scripts/setup.sh"));
}

TEST(WorkerFindings, a_worker_that_fails_or_chatters_is_broken) {
  for (const auto* behaviour : {"exit3", "SIGSEGV", "garbage"}) {
    stubs::set_behaviour({{"plan", behaviour}});
    EXPECT_EQ(worker_findings(kStub, {}).at(1).verdict, Verdict::kBroken) << behaviour;
  }
  stubs::set_behaviour({{"plan", "exit3"}});
  EXPECT_THAT(worker_findings(kStub, {}).at(1).what, HasSubstr("status 3: cannot go on"));
  stubs::set_behaviour();
}

}  // namespace
}  // namespace harness
