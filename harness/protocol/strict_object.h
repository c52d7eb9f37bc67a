#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/protocol/protocol_error.h"

namespace harness {

/// A ProtocolError that knows where in the document it happened.
class ProtocolPathError : public ProtocolError {
 public:
  /// `path` is a JSON pointer ("/model/layers"); empty means the whole document.
  ProtocolPathError(const std::string& path, const std::string& problem);
  /// The same error seen from the object that holds the value under `key`.
  ProtocolPathError inside(const std::string& key) const;

 private:
  std::string path_;
  std::string problem_;
};

// Strict readers, one a type: no conversion between kinds of JSON value, no rounding, no wrapping.
void read_value(const nlohmann::json& json, int64_t& value);
void read_value(const nlohmann::json& json, uint64_t& value);
void read_value(const nlohmann::json& json, int& value);
void read_value(const nlohmann::json& json, double& value);
void read_value(const nlohmann::json& json, bool& value);
void read_value(const nlohmann::json& json, std::string& value);
void read_value(const nlohmann::json& json, nlohmann::json& value);
template <typename T>
void read_value(const nlohmann::json& json, std::vector<T>& values);
template <typename T>
void read_value(const nlohmann::json& json, std::optional<T>& value);
template <typename T>
void read_value(const nlohmann::json& json, std::map<std::string, T>& values);
/// Types of the protocol bring their own from_json.
template <typename T>
void read_value(const nlohmann::json& json, T& value) {
  from_json(json, value);
}

// Writers to match; doubles must be finite, an empty optional is null.
template <typename T>
void write_value(nlohmann::json& json, const std::vector<T>& values);
template <typename T>
void write_value(nlohmann::json& json, const std::optional<T>& value);
template <typename T>
void write_value(nlohmann::json& json, const std::map<std::string, T>& values);
void write_value(nlohmann::json& json, double value);
inline void write_value(nlohmann::json& json, int64_t value) {
  json = value;
}
inline void write_value(nlohmann::json& json, uint64_t value) {
  json = value;
}
inline void write_value(nlohmann::json& json, int value) {
  json = value;
}
inline void write_value(nlohmann::json& json, bool value) {
  json = value;
}
inline void write_value(nlohmann::json& json, const std::string& value) {
  json = value;
}
inline void write_value(nlohmann::json& json, const nlohmann::json& value) {
  json = value;
}
template <typename T>
void write_value(nlohmann::json& json, const T& value) {
  to_json(json, value);
}

/// Runs `action`, which reads or writes what stands under `key`; errors name the whole path.
template <typename Action>
void at_key(const std::string& key, Action&& action) {
  try {
    action();
  } catch (const ProtocolPathError& error) {
    throw error.inside(key);
  } catch (const ProtocolError& error) {
    throw ProtocolPathError("/" + key, error.what());
  }
}

template <typename T>
void read_value(const nlohmann::json& json, std::vector<T>& values) {
  if (!json.is_array()) {
    throw ProtocolPathError("", std::string("expected an array, got ") + json.type_name());
  }
  values.assign(json.size(), T{});
  for (std::size_t i = 0; i < json.size(); ++i) {
    at_key(std::to_string(i), [&] { read_value(json[i], values[i]); });
  }
}

template <typename T>
void read_value(const nlohmann::json& json, std::optional<T>& value) {
  value.reset();
  if (!json.is_null()) {
    read_value(json, value.emplace());
  }
}

template <typename T>
void write_value(nlohmann::json& json, const std::vector<T>& values) {
  json = nlohmann::json::array();
  for (std::size_t i = 0; i < values.size(); ++i) {
    at_key(std::to_string(i), [&] { write_value(json.emplace_back(), values[i]); });
  }
}

template <typename T>
void write_value(nlohmann::json& json, const std::optional<T>& value) {
  json = nullptr;
  if (value) {
    write_value(json, *value);
  }
}

template <typename T>
void read_value(const nlohmann::json& json, std::map<std::string, T>& values) {
  if (!json.is_object()) {
    throw ProtocolPathError("", std::string("expected an object, got ") + json.type_name());
  }
  values.clear();
  for (const auto& item : json.items()) {
    at_key(item.key(), [&] { read_value(item.value(), values[item.key()]); });
  }
}

template <typename T>
void write_value(nlohmann::json& json, const std::map<std::string, T>& values) {
  json = nlohmann::json::object();
  for (const auto& value : values) {
    at_key(value.first, [&] { write_value(json[value.first], value.second); });
  }
}

/// Reads an object that must have exactly the keys that are asked for.
class StrictObject {
 public:
  /// Throws ProtocolError unless `json` is an object, which must outlive this.
  explicit StrictObject(const nlohmann::json& json);

  /// Read the value under `key`. Throws ProtocolError where it is missing or mistyped.
  template <typename T>
  void operator()(const std::string& key, T& value) {
    at_key(key, [&] { read_value(take(key), value); });
  }

  /// What has not been read yet, and counts as read from now on.
  std::map<std::string, nlohmann::json> take_rest();
  /// Throws ProtocolError where a key was never asked for.
  void finish() const;

 private:
  const nlohmann::json& take(const std::string& key);
  bool taken(const nlohmann::json& value) const;

  const nlohmann::json& object_;
  std::vector<const nlohmann::json*> taken_;
};

/// Writes an object; the same calls as StrictObject's, so that one list of fields serves both.
class ObjectWriter {
 public:
  explicit ObjectWriter(nlohmann::json& json) : json_(json) { json_ = nlohmann::json::object(); }

  template <typename T>
  void operator()(const std::string& key, const T& value) {
    at_key(key, [&] { write_value(json_[key], value); });
  }

 private:
  nlohmann::json& json_;
};

/// Write every field that `describe(visitor, value)` names.
template <typename T>
void write_fields(nlohmann::json& json, const T& value) {
  ObjectWriter writer(json);
  describe(writer, value);
}

/// Read exactly the fields that `describe(visitor, value)` names.
template <typename T>
void read_fields(const nlohmann::json& json, T& value) {
  StrictObject object(json);
  describe(object, value);
  object.finish();
}

}  // namespace harness
