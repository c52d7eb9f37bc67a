#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/kernels/tolerances.h"

namespace kernels::testing {

/// What an operator wrote, by name.
using Outputs = std::map<std::string, std::vector<double>>;

/// How each output may differ from the reference.
using Tolerances = std::map<std::string, Tolerance>;

double largest(const std::vector<double>& values);

/// Every value of `outputs` within its tolerance of `expected`; `where` goes into failures.
void expect_near(const Outputs& outputs, const Outputs& expected, const Tolerances& tolerances,
                 const std::string& where);

/// The same names and bits.
void expect_same(const Outputs& outputs, const Outputs& expected, const std::string& where);

/// Runs `run` at every instruction set of this machine with 1 and 2 threads, twice each: within an
/// instruction set all bits are the same, and all are near `expected`.
void check_everywhere(const std::function<Outputs()>& run, const Outputs& expected,
                      const Tolerances& tolerances, const std::string& problem);

/// d loss / d values[i] by central differences; `loss` reads `values`.
std::vector<double> numeric_gradient(std::vector<double>& values,
                                     const std::function<double()>& loss);

/// sum over i of weights[i] * values[i].
double weighted_sum(const std::vector<double>& weights, const std::vector<double>& values);

}  // namespace kernels::testing
