#pragma once

#include "train/parallel/communicator.h"

namespace processes {

/// The processes that run this test program together (main.cpp).
train::Communicator& all();

}  // namespace processes
