#pragma once

#include <string>
#include <vector>

namespace machine {

/// What one look at the machine says about measuring on it.
enum class Verdict {
  kOk,
  kDisturbs,  ///< times measured here vary more, or mean something else, because of it
  kUnknown,   ///< the kernel does not say
  kBroken,    ///< nothing can be measured at all
};

struct Finding {
  Verdict verdict = Verdict::kUnknown;
  std::string subject;  ///< a word or two: "governor"
  std::string what;     ///< what was found, one line
  std::string remedy;   ///< what to do about it, one line; empty where it is fine
};

using Findings = std::vector<Finding>;

}  // namespace machine
