#include "apps/bert_squad/training/curve_picture.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace apps {
namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 380;
constexpr double kLeft = 56;
constexpr double kRight = 16;
constexpr double kTop = 30;
constexpr double kBottom = 44;

/// A linear axis from `low` to `high`, drawn from `begin` to `end`.
struct Axis {
  double low;
  double high;
  double begin;
  double end;

  double at(double value) const { return begin + (value - low) / (high - low) * (end - begin); }
};

/// The distance of about five ticks over `range`: 1, 2 or 5 times a power of ten.
double tick_distance(double range) {
  const double rough = range / 5;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power) return factor * power;
  }
  return 10 * power;
}

/// The part of `loss` that the picture has room for: what overflowed lies at its top.
double shown(double loss, const Axis& y) {
  return std::isnan(loss) ? y.high : std::clamp(loss, y.low, y.high);
}

template <class Value>
std::string line_of(std::span<const LossPoint> points, const Axis& x, const Axis& y,
                    const char* style, Value value) {
  std::string text = fmt::format("<polyline fill=\"none\" {} points=\"", style);
  for (const LossPoint& point : points) {
    text += fmt::format("{:.1f},{:.1f} ", x.at(static_cast<double>(point.step)),
                        y.at(shown(value(point), y)));
  }
  text.back() = '"';
  return text + "/>\n";
}

std::string label(double x, double y, const char* anchor, const std::string& text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     text);
}

std::string stroke(double x1, double y1, double x2, double y2, const char* style) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", x1, y1,
                     x2, y2, style);
}

constexpr const char* kLossStyle = R"(stroke="#a9c4e6" stroke-width="0.8")";
constexpr const char* kAverageStyle = R"(stroke="#1f4e9c" stroke-width="1.8")";
constexpr const char* kGridStyle = R"(stroke="#e3e3e3")";

std::string axes(const Axis& x, const Axis& y) {
  std::string text;
  for (double loss = 0; loss <= y.high * 1.0001; loss += tick_distance(y.high)) {
    text += stroke(x.begin, y.at(loss), x.end, y.at(loss), kGridStyle);
    text += label(x.begin - 6, y.at(loss) + 4, "end", fmt::format("{:.4g}", loss));
  }
  const double distance = std::max(1.0, tick_distance(x.high));
  for (double step = distance; step <= x.high; step += distance) {
    text += stroke(x.at(step), y.begin, x.at(step), y.begin + 4, R"(stroke="#444")");
    text += label(x.at(step), y.begin + 18, "middle", fmt::format("{:.0f}", step));
  }
  text += stroke(x.begin, y.begin, x.end, y.begin, R"(stroke="#444")");
  text += label((x.begin + x.end) / 2, kHeight - 8, "middle", "optimizer step");
  return text;
}

std::string legend() {
  return stroke(kWidth - 250, 16, kWidth - 226, 16, kLossStyle) +
         label(kWidth - 220, 20, "start", "loss of a step") +
         stroke(kWidth - 120, 16, kWidth - 96, 16, kAverageStyle) +
         label(kWidth - 90, 20, "start", "average");
}

}  // namespace

std::string curve_picture(std::span<const LossPoint> points) {
  double highest = 0;
  for (const LossPoint& point : points) {
    if (std::isfinite(point.loss)) highest = std::max(highest, point.loss);
  }
  if (highest == 0) highest = 1;
  const double distance = tick_distance(highest);
  const Axis y = {0, std::ceil(highest / distance) * distance, kHeight - kBottom, kTop};
  const auto last = static_cast<double>(points.back().step);
  const Axis x = {0, last, kLeft, kWidth - kRight};
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
      kWidth, kHeight);
  text += axes(x, y);
  text += line_of(points, x, y, kLossStyle, [](const LossPoint& point) { return point.loss; });
  text +=
      line_of(points, x, y, kAverageStyle, [](const LossPoint& point) { return point.average; });
  return text + legend() + "</svg>\n";
}

}  // namespace apps
