#include <fmt/format.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "tests/worker/test_cells.h"
#include "worker/measure/measure_cell.h"
#include "worker/plan/plan_cell.h"

namespace worker {
namespace {

struct Variant {
  std::string implementation;
  std::vector<std::string> flags;
  std::string optimizer = "adamw";
};

std::string text(const harness::Cell& cell) {
  return fmt::format("{} {} {} {} {} micro-batch {} of {} sequence {}", cell.implementation,
                     cell.flags_text(), cell.optimizer, cell.precision, cell.model.layer_norm,
                     cell.micro_batch, cell.global_batch, cell.sequence_length);
}

/// The variant in both precisions and placements of LayerNorm, micro-batches 1, 2 and 5, with one
/// micro-batch a step and with more.
std::vector<harness::Cell> grid(const Variant& variant) {
  std::vector<harness::Cell> cells;
  for (const char* const precision : {"fp32", "bf16"}) {
    for (const char* const layer_norm : {"post", "pre"}) {
      for (const int64_t micro_batch : {1, 2, 5}) {
        for (const int64_t accumulation : {1, 3}) {
          auto cell = small_cell(variant.implementation);
          cell.flags = variant.flags;
          cell.optimizer = variant.optimizer;
          cell.precision = precision;
          cell.model.layer_norm = layer_norm;
          cell.micro_batch = micro_batch;
          cell.global_batch = micro_batch * accumulation;
          cell.sequence_length = micro_batch == 2 ? 48 : 64;
          cells.push_back(cell);
        }
      }
    }
  }
  return cells;
}

class PlanAgrees : public testing::TestWithParam<Variant> {};

TEST_P(PlanAgrees, with_the_measurement) {
  const auto registry = apps::registry();
  const auto cells = grid(GetParam());
  const auto plans = plan_cells(cells, registry);
  for (size_t i = 0; i < cells.size(); ++i) {
    SCOPED_TRACE(text(cells[i]));
    const auto record = measure_cell({cells[i], 0, ""}, registry);
    ASSERT_EQ(record.status, harness::Status::kPassed) << record.reason;
    ASSERT_TRUE(plans[i].footprint.has_value());
    const auto& planned = *plans[i].footprint;
    const auto& measured = *record.memory.measured;
    EXPECT_EQ(measured.at_peak.total(), measured.peak_bytes);
    EXPECT_EQ(planned.at_peak.total(), planned.peak_bytes);
    const int64_t tensors = measured.peak_bytes - measured.library_scratch_bytes;
    if (cells[i].implementation == "fused") {
      EXPECT_EQ(planned.peak_bytes, tensors);
      EXPECT_EQ(measured.library_scratch_bytes, 0);
      EXPECT_EQ(planned.peak_phase, measured.peak_phase);
      EXPECT_EQ(planned.at_peak.weights, measured.at_peak.weights);
      EXPECT_EQ(planned.at_peak.saved_activations, measured.at_peak.saved_activations);
      EXPECT_EQ(planned.at_peak.optimizer_state, measured.at_peak.optimizer_state);
    } else {
      EXPECT_NEAR(static_cast<double>(planned.peak_bytes), static_cast<double>(tensors),
                  0.005 * static_cast<double>(tensors));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Grid, PlanAgrees,
    testing::Values(
        Variant{"pytorch_eager", {}}, Variant{"pytorch_eager", {"activation_checkpoint"}},
        Variant{"pytorch_tuned", {}}, Variant{"pytorch_tuned", {"activation_checkpoint"}},
        Variant{"fused", {}}, Variant{"fused", {"normalize_invertible"}},
        Variant{"fused", {"gelu_checkpoint"}}, Variant{"fused", {"attn_dropout_checkpoint"}},
        Variant{"fused", {"normalize_invertible", "gelu_checkpoint"}},
        Variant{"fused", {"normalize_invertible", "attn_dropout_checkpoint"}},
        Variant{"fused", {"gelu_checkpoint", "attn_dropout_checkpoint"}},
        Variant{"fused", {"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint"}},
        Variant{"fused", {"flash_attention"}},
        Variant{"fused", {"normalize_invertible", "flash_attention"}},
        Variant{"fused", {"gelu_checkpoint", "flash_attention"}},
        Variant{"fused", {"normalize_invertible", "gelu_checkpoint", "flash_attention"}},
        Variant{"fused", {"activation_checkpoint"}}, Variant{"fused", {"stochastic_mode"}},
        Variant{"fused", {"remove_padding"}},
        Variant{"fused", {"normalize_invertible", "gelu_checkpoint", "remove_padding"}},
        Variant{"fused", {"attn_dropout_checkpoint", "remove_padding"}},
        Variant{"fused",
                {"normalize_invertible", "gelu_checkpoint", "flash_attention", "remove_padding"}},
        Variant{"fused", {"activation_checkpoint", "remove_padding"}},
        Variant{"fused", {"remove_padding", "stochastic_mode"}},
        Variant{"fused", {}, "fused_adamw"},
        Variant{"fused", {"activation_checkpoint"}, "fused_adamw"},
        Variant{"pytorch_tuned", {}, "fused_adamw"}),
    [](const auto& instance) {
      std::string name = instance.param.implementation;
      for (const auto& flag : instance.param.flags) name += "_" + flag;
      return instance.param.optimizer == "adamw" ? name : name + "_" + instance.param.optimizer;
    });

/// Moments in fp32, and for bf16 the lower halves of the masters instead of whole copies. adamw's
/// count of steps is a tensor of its own.
TEST(PlanAgrees, the_fused_optimizer_keeps_two_bytes_an_element_where_adamw_keeps_four) {
  const auto state_bytes = [](const char* optimizer, const char* precision) {
    auto cell = small_cell("fused");
    cell.optimizer = optimizer;
    cell.precision = precision;
    cell.model.hidden = 64;  // every size a multiple of the allocator's granularity but the head's
    cell.model.vocabulary = 128;
    cell.data.file = test_windows();
    const auto footprint = *plan_cell(cell, apps::registry()).footprint;
    EXPECT_GT(footprint.at_peak.optimizer_state, 0) << "the peak lies before the first update";
    return static_cast<double>(footprint.at_peak.optimizer_state);
  };
  const double moments = state_bytes("fused_adamw", "fp32");
  EXPECT_NEAR(state_bytes("adamw", "fp32"), moments, 0.001 * moments);
  EXPECT_NEAR(state_bytes("fused_adamw", "bf16"), 10.0 / 8 * moments, 0.001 * moments);
  EXPECT_NEAR(state_bytes("adamw", "bf16"), 12.0 / 8 * moments, 0.001 * moments);
}

/// Products of many rows take workspace for each thread.
TEST(PlanAgrees, with_the_measurement_of_the_fused_layer_for_any_number_of_threads) {
  const auto registry = apps::registry();
  std::vector<harness::Cell> cells;
  for (const char* const precision : {"fp32", "bf16"}) {
    for (const int64_t threads : {1, 2, 3}) {
      auto cell = small_cell("fused");
      cell.precision = precision;
      cell.model.layers = 1;
      cell.model.hidden = 192;
      cell.model.intermediate = 768;
      cell.micro_batch = cell.global_batch = 16;
      cell.measure.threads = threads;
      cells.push_back(cell);
    }
  }
  const auto plans = plan_cells(cells, registry);
  for (size_t i = 0; i < cells.size(); ++i) {
    SCOPED_TRACE(fmt::format("{} threads {}", text(cells[i]), cells[i].measure.threads));
    const auto record = measure_cell({cells[i], 0, ""}, registry);
    ASSERT_EQ(record.status, harness::Status::kPassed) << record.reason;
    EXPECT_EQ(record.memory.measured->library_scratch_bytes, 0);
    EXPECT_EQ(plans[i].footprint->peak_bytes, record.memory.measured->peak_bytes);
  }
  EXPECT_LT(plans[0].footprint->peak_bytes, plans[2].footprint->peak_bytes);
  EXPECT_LT(plans[3].footprint->peak_bytes, plans[5].footprint->peak_bytes);
}

}  // namespace
}  // namespace worker
