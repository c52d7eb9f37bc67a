#include "machine/gpu_findings.h"

#include <gmock/gmock.h>

#include "tests/machine/fake_root.h"

namespace machine {
namespace {

using ::testing::HasSubstr;

class GpuFindings : public FakeRoot {
 protected:
  void driver(const std::string& version) const {
    write("proc/driver/nvidia/version",
          "NVRM version: NVIDIA UNIX x86_64 Kernel Module  " + version +
              "  Sun Jul 27 07:28:46 UTC 2025\nGCC version:  gcc version 12.2.0 (Debian)\n");
  }
};

TEST_F(GpuFindings, without_a_driver_nothing_can_be_measured) {
  const auto findings = gpu_findings(13, std::nullopt, root_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].verdict, Verdict::kBroken);
  EXPECT_EQ(findings[0].subject, "NVIDIA driver");
}

TEST_F(GpuFindings, the_driver_must_be_new_enough_for_the_toolkit) {
  driver("580.65.06");
  EXPECT_EQ(gpu_findings(13, std::nullopt, root_)[0].verdict, Verdict::kOk);
  EXPECT_EQ(gpu_findings(13, std::nullopt, root_)[0].what, "CUDA 13 on driver 580.65.06");
  EXPECT_EQ(gpu_findings(99, std::nullopt, root_)[0].verdict, Verdict::kUnknown);
  driver("570.86.15");
  EXPECT_EQ(gpu_findings(12, std::nullopt, root_)[0].verdict, Verdict::kOk);
  const auto old = gpu_findings(13, std::nullopt, root_)[0];
  EXPECT_EQ(old.verdict, Verdict::kBroken);
  EXPECT_THAT(old.remedy, HasSubstr("install driver 580 or newer"));
}

TEST_F(GpuFindings, a_worker_without_cuda_measures_no_gpu) {
  driver("580.65.06");
  EXPECT_EQ(gpu_findings(std::nullopt, std::nullopt, root_)[0].verdict, Verdict::kBroken);
}

TEST_F(GpuFindings, are_unknown_of_the_gpus_where_nvidia_smi_does_not_run) {
  driver("580.65.06");
  EXPECT_EQ(gpu_findings(13, std::nullopt, root_).at(1).verdict, Verdict::kUnknown);
}

TEST_F(GpuFindings, a_gpu_in_use_disturbs) {
  driver("580.65.06");
  const auto findings = gpu_findings(13,
                                     "0, NVIDIA H200, 0, 4, Enabled\n"
                                     "1, NVIDIA H200, 97, 4, Enabled\n"
                                     "2, NVIDIA H200, 0, 20480, Enabled\n"
                                     "3, NVIDIA H200, 0, 4, Disabled\n"
                                     "4, NVIDIA H200, [N/A], 4, Enabled\n",
                                     root_);
  ASSERT_EQ(findings.size(), 6u);
  EXPECT_EQ(findings[1].verdict, Verdict::kOk);
  EXPECT_EQ(findings[1].subject, "GPU 0");
  EXPECT_EQ(findings[1].what, "NVIDIA H200: 0 % busy, 4 MiB in use");
  EXPECT_EQ(findings[2].verdict, Verdict::kDisturbs);
  EXPECT_EQ(findings[3].verdict, Verdict::kDisturbs);
  EXPECT_EQ(findings[4].verdict, Verdict::kDisturbs);
  EXPECT_EQ(findings[4].remedy, "nvidia-smi -pm 1");
  EXPECT_EQ(findings[5].verdict, Verdict::kUnknown);
}

}  // namespace
}  // namespace machine
