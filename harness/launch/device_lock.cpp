#include "harness/launch/device_lock.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/harness_error.h"
#include "harness/launch/process.h"
#include "harness/printable.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

constexpr int kPollMilliseconds = 100;
constexpr std::size_t kHolderBytes = 1024;

/// Opens the file, made for every user of the machine where it is not there. Linux refuses O_CREAT
/// on another user's file in a folder like /run/lock, and a lock needs no right to write.
UniqueFd open_lock(const fs::path& path) {
  for (const int flags : {O_RDWR, O_RDONLY, O_RDWR | O_CREAT | O_EXCL, O_RDWR, O_RDONLY}) {
    UniqueFd file(::open(path.c_str(), flags | O_CLOEXEC, 0666));
    if (!file) continue;
    if ((flags & O_CREAT) != 0) ::fchmod(file.get(), 0666);  // whatever the umask
    return file;
  }
  throw HarnessError(
      fmt::format("cannot open the device's lock {}: {}; name a folder for locks in "
                  "BENCH_SWEEP_LOCKS",
                  path.string(), std::strerror(errno)));
}

/// This process's command line, arguments separated by spaces.
std::string command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && text.back() == '\0') text.pop_back();
  for (char& character : text) {
    if (character == '\0') character = ' ';
  }
  return printable(text.substr(0, kHolderBytes / 2));
}

std::string this_holder() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("process {} ({}), since {:%Y-%m-%dT%H:%M:%SZ}\n", ::getpid(), command_line(),
                     fmt::gmtime(now));
}

}  // namespace

LockFolder lock_folder() {
  if (const char* const named = std::getenv("BENCH_SWEEP_LOCKS"); named != nullptr && *named) {
    std::error_code error;
    fs::create_directories(named, error);
    if (error) {
      throw HarnessError(fmt::format("cannot create the folder of BENCH_SWEEP_LOCKS, {}: {}", named,
                                     error.message()));
    }
    return {named, false};
  }
  constexpr const char* kUsual = "/run/lock";
  if (::access(kUsual, W_OK | X_OK) == 0) return {kUsual, false};
  return {"/tmp", true};
}

std::optional<std::string> lock_name(const Device& device) {
  if (device.kind == "simulated") return std::nullopt;
  if (device.kind != "cuda") return device.kind;
  const char* const visible = std::getenv("CUDA_VISIBLE_DEVICES");
  const std::string_view all = visible == nullptr ? "" : visible;
  const auto first = all.substr(0, all.find(','));
  return fmt::format("cuda-{}", first.empty() ? "0" : first);
}

DeviceLock::DeviceLock(const LockFolder& folder, const std::string& name)
    : path_(folder.path / fmt::format("bench_sweep.{}.lock", name)) {
  file_ = open_lock(path_);
  try_again();
}

bool DeviceLock::try_again() {
  while (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno == EINTR) continue;
    throw HarnessError(fmt::format("cannot lock {}: {}; name another folder in BENCH_SWEEP_LOCKS",
                                   path_.string(), std::strerror(errno)));
  }
  held_ = true;
  const auto text = this_holder();  // for people: a lock without it is a lock
  [[maybe_unused]] const int cut = ::ftruncate(file_.get(), 0);
  [[maybe_unused]] const auto written = ::pwrite(file_.get(), text.data(), text.size(), 0);
  return true;
}

std::string DeviceLock::holder() const {
  std::array<char, kHolderBytes> buffer;
  const auto size = ::pread(file_.get(), buffer.data(), buffer.size(), 0);
  if (size <= 0) return "";
  std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  return printable(std::string(text.substr(0, text.find('\n'))));
}

void wait_for(DeviceLock& lock, int stop_fd) {
  while (!lock.held() && !lock.try_again()) {
    pollfd stop = {stop_fd, POLLIN, 0};
    if (::poll(&stop, 1, kPollMilliseconds) > 0) throw Interrupted();
  }
}

}  // namespace harness
