#include "machine/cache_folder.h"

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

namespace machine {
namespace {

/// Sets or (with null) removes a variable, and puts the old value back.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* const old = std::getenv(name)) old_ = old;
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(old_ ? old_->c_str() : nullptr); }

 private:
  void set(const char* value) const {
    if (value == nullptr) {
      ::unsetenv(name_);
    } else {
      ::setenv(name_, value, 1);
    }
  }

  const char* name_;
  std::optional<std::string> old_;
};

TEST(CacheFolder, is_in_the_users_cache) {
  const Variable home("HOME", "/home/anna");
  const Variable cache("XDG_CACHE_HOME", "/scratch/anna");
  EXPECT_EQ(cache_folder(), "/scratch/anna/bench_sweep");
}

// XDG Base Directory Specification: unset, empty or relative is as if it were not there.
TEST(CacheFolder, is_below_home_where_no_cache_is_named) {
  const Variable home("HOME", "/home/anna");
  for (const char* const value : {static_cast<const char*>(nullptr), "", "cache"}) {
    const Variable cache("XDG_CACHE_HOME", value);
    EXPECT_EQ(cache_folder(), "/home/anna/.cache/bench_sweep");
  }
}

TEST(CacheFolder, is_nowhere_without_a_home) {
  const Variable home("HOME", nullptr);
  const Variable cache("XDG_CACHE_HOME", nullptr);
  EXPECT_FALSE(cache_folder().has_value());
}

}  // namespace
}  // namespace machine
