#pragma once

#include <span>
#include <string>

#include "apps/bert_squad/training/loss_curve.h"

namespace apps {

/// A loss curve as an SVG picture: losses thin, their average thick, over the steps; both axes with
/// round ticks, losses from 0. `points` are not empty.
std::string curve_picture(std::span<const LossPoint> points);

}  // namespace apps
