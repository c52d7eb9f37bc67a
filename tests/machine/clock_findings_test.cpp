#include "machine/clock_findings.h"

#include "tests/machine/fake_root.h"

namespace machine {
namespace {

class ClockFindings : public FakeRoot {
 protected:
  ClockFindings() { write("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu sse2 avx2\n"); }

  void governor(int processor, const std::string& name) const {
    write("sys/devices/system/cpu/cpu" + std::to_string(processor) + "/cpufreq/scaling_governor",
          name + "\n");
  }
  Finding finding(const std::string& subject) const {
    for (const auto& found : clock_findings({0, 1}, root_)) {
      if (found.subject == subject) return found;
    }
    ADD_FAILURE() << "nothing about " << subject;
    return {};
  }
  Verdict verdict(const std::string& subject) const { return finding(subject).verdict; }
};

TEST_F(ClockFindings, are_unknown_where_the_kernel_says_nothing) {
  for (const auto& found : clock_findings({0, 1}, root_)) {
    if (found.subject == "virtual machine") continue;
    EXPECT_EQ(found.verdict, Verdict::kUnknown) << found.subject;
    EXPECT_FALSE(found.what.empty());
    EXPECT_FALSE(found.remedy.empty());
  }
}

TEST_F(ClockFindings, want_the_performance_governor_on_every_measured_processor) {
  governor(0, "performance");
  governor(1, "performance");
  governor(2, "powersave");  // not measured on
  EXPECT_EQ(verdict("governor"), Verdict::kOk);
  governor(1, "schedutil");
  const auto found = finding("governor");
  EXPECT_EQ(found.verdict, Verdict::kDisturbs);
  EXPECT_EQ(found.what.substr(0, 10), "schedutil:");
  EXPECT_EQ(found.remedy, "cpupower frequency-set --governor performance");
}

// The two kernel interfaces say the opposite with the same digit.
TEST_F(ClockFindings, want_turbo_off) {
  write("sys/devices/system/cpu/cpufreq/boost", "1\n");
  EXPECT_EQ(finding("turbo").remedy, "echo 0 > /sys/devices/system/cpu/cpufreq/boost");
  write("sys/devices/system/cpu/cpufreq/boost", "0\n");
  EXPECT_EQ(verdict("turbo"), Verdict::kOk);
  write("sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
  EXPECT_EQ(finding("turbo").remedy, "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo");
  write("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
  EXPECT_EQ(verdict("turbo"), Verdict::kOk);
}

TEST_F(ClockFindings, want_a_core_for_every_processor) {
  write("sys/devices/system/cpu/smt/active", "1\n");
  EXPECT_EQ(verdict("SMT"), Verdict::kDisturbs);
  write("sys/devices/system/cpu/smt/active", "0\n");
  EXPECT_EQ(verdict("SMT"), Verdict::kOk);
}

TEST_F(ClockFindings, want_a_fine_clock) {
  const std::string file = "sys/devices/system/clocksource/clocksource0/current_clocksource";
  for (const auto* name : {"hpet", "acpi_pm"}) {
    write(file, std::string(name) + "\n");
    EXPECT_EQ(verdict("clock source"), Verdict::kDisturbs) << name;
  }
  for (const auto* name : {"tsc", "kvm-clock"}) {
    write(file, std::string(name) + "\n");
    EXPECT_EQ(verdict("clock source"), Verdict::kOk) << name;
  }
}

TEST_F(ClockFindings, a_hypervisor_shows_in_the_processor_s_flags) {
  EXPECT_EQ(verdict("virtual machine"), Verdict::kOk);
  write("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu hypervisor avx2\n");
  EXPECT_EQ(verdict("virtual machine"), Verdict::kDisturbs);
  write("proc/cpuinfo", "processor\t: 0\n");
  EXPECT_EQ(verdict("virtual machine"), Verdict::kUnknown);
}

}  // namespace
}  // namespace machine
