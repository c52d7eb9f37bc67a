#pragma once

#include <string>
#include <vector>

namespace harness {

/// What a flag recomputes in the backward pass, which orders flag sets from cheap to dear.
enum class Recompute {
  kNothing,         ///< 0 elements
  kIntermediate,    ///< batch * sequence * intermediate
  kAttention,       ///< batch * heads * sequence^2
  kAttentionTwice,  ///< 2 * batch * heads * sequence^2
  kLayer,           ///< the whole layer: more than any other set
};

struct FlagEntry {
  std::string name;
  bool memory_flag;  ///< part of "all" and "cheapest"
  Recompute recompute;
  std::vector<std::string> excludes;  ///< flags it cannot be combined with
  std::string excludes_reason;        ///< one line, where `excludes` is not empty
  /// How what is computed with the flag differs from what is computed without it, as tables label
  /// it; empty: it does not, only how. A time with such a flag is never compared with one without
  /// it unless the label stands beside it.
  std::string work = "";
};

struct ImplementationEntry {
  std::string name;
  std::vector<std::string> flags;  ///< what it supports, in the order of Catalog::flags
};

/// The names a sweep file may use. The composition root (apps/) fills it, once, for the driver and
/// the worker; the harness knows no implementation by name.
struct Catalog {
  std::vector<ImplementationEntry> implementations;
  std::vector<FlagEntry> flags;  ///< in canonical order
  std::vector<std::string> optimizers;

  const ImplementationEntry* find_implementation(const std::string& name) const;
  /// The entry of `name`. One that is not in the catalog is a foreign implementation, which a
  /// sweep brings along with its worker: it has no flags.
  ImplementationEntry implementation(const std::string& name) const;
  const FlagEntry* find_flag(const std::string& name) const;
  /// FlagEntry::work of all these flags, joined by ", "; empty where none has any.
  std::string work_of(const std::vector<std::string>& flags) const;
};

}  // namespace harness
