// Precompiled once for the tests of the driver and the readers (cmake/BenchTest.cmake).
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
