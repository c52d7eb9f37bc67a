#include "apps/bert_squad/training/loss_curve.h"

#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "files/atomic_file.h"
#include "files/file_error.h"
#include "files/system_reason.h"
#include "harness/harness_error.h"

namespace apps {
namespace {

constexpr std::string_view kHeader = "step,loss,loss_average,learning_rate,samples_per_second";

std::string row(const LossPoint& point) {
  return fmt::format("{},{},{},{},{:.4g}\n", point.step, point.loss, point.average,
                     point.learning_rate, point.samples_per_second);
}

/// Reads a number off the front of `text`, and `end` behind it.
template <class Number>
bool take(std::string_view& text, Number& number, char end) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto used = static_cast<size_t>(rest - text.data());
  if (error != std::errc() || used == text.size() || text[used] != end) return false;
  text.remove_prefix(used + 1);
  return true;
}

std::optional<LossPoint> take_point(std::string_view& text) {
  LossPoint point;
  const bool whole = take(text, point.step, ',') && take(text, point.loss, ',') &&
                     take(text, point.average, ',') && take(text, point.learning_rate, ',') &&
                     take(text, point.samples_per_second, '\n');
  return whole ? std::optional(point) : std::nullopt;
}

/// The first `steps` points of a curve.
std::vector<LossPoint> read_points(const std::filesystem::path& file, int64_t steps) {
  std::vector<LossPoint> points;
  if (steps == 0) return points;
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  const std::string content{std::istreambuf_iterator<char>(stream), {}};
  std::string_view text = content;
  while (static_cast<int64_t>(points.size()) < steps) {
    const auto point = take_point(text);
    if (!point || point->step != static_cast<int64_t>(points.size()) + 1) break;
    points.push_back(*point);
  }
  if (line != kHeader || static_cast<int64_t>(points.size()) != steps) {
    throw harness::UsageError(
        fmt::format("{}: has {} of the {} steps that the checkpoint stands at; put the file back, "
                    "or train into another folder",
                    file.string(), points.size(), steps));
  }
  return points;
}

}  // namespace

LossCurve::LossCurve(std::filesystem::path file, double alpha, int64_t steps)
    : file_(std::move(file)), alpha_(alpha), points_(read_points(file_, steps)) {
  store();
}

void LossCurve::store() {
  std::string text(kHeader);
  text += '\n';
  for (const LossPoint& point : points_) text += row(point);
  stream_.close();
  files::write_file_atomically(file_, text);
  stream_.open(file_, std::ios::app);
}

const LossPoint& LossCurve::add(double loss, double learning_rate, double samples_per_second) {
  const double average =
      points_.empty() ? loss : alpha_ * points_.back().average + (1 - alpha_) * loss;
  points_.push_back(
      {static_cast<int64_t>(points_.size()) + 1, loss, average, learning_rate, samples_per_second});
  if (!(stream_ << row(points_.back())).flush()) {
    throw files::FileError(
        fmt::format("cannot write {}: {}", file_.string(), files::system_reason(errno)));
  }
  return points_.back();
}

}  // namespace apps
