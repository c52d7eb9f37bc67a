#include "worker/plan/plan_cell.h"

#include <gtest/gtest.h>

#include "apps/registry.h"
#include "harness/protocol/protocol_error.h"
#include "tests/worker/test_cells.h"
#include "worker/support.h"

namespace worker {
namespace {

harness::Cell bert_large(const std::string& implementation) {
  auto cell = small_cell(implementation);
  cell.model.layers = 24;
  cell.model.hidden = 1024;
  cell.model.heads = 16;
  cell.model.intermediate = 4096;
  cell.model.vocabulary = 30522;
  cell.model.max_positions = 512;
  cell.sequence_length = 384;
  cell.micro_batch = 8;
  cell.global_batch = 24;
  return cell;
}

int64_t peak(const harness::Cell& cell) {
  return plan_cell(cell, apps::registry()).footprint.value().peak_bytes;
}

TEST(PlanCell, the_same_cell_has_the_same_plan_in_any_order_and_thread) {
  const auto registry = apps::registry();
  std::vector<harness::Cell> cells;
  for (int i = 0; i < 4; ++i) {
    for (const char* const name : {"pytorch_eager", "fused", "pytorch_tuned"}) {
      cells.push_back(small_cell(name));
    }
  }
  const auto plans = plan_cells(cells, registry);
  for (size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(plans[i], plan_cell(cells[i], registry)) << i;
  }
}

TEST(PlanCell, fp16_on_a_cpu_is_unsupported_with_a_reason) {
  auto cell = small_cell("fused");
  cell.precision = "fp16";
  const auto plan = plan_cell(cell, apps::registry());
  EXPECT_FALSE(plan.footprint.has_value());
  EXPECT_NE(plan.unsupported_reason.find("fp16"), std::string::npos);
}

TEST(PlanCell, what_no_cuda_graph_plays_is_unsupported_with_a_reason) {
  auto cell = small_cell("fused");
  cell.device.kind = "cuda";
  cell.measure.cuda_graph = true;
  EXPECT_EQ(plan_cell(cell, apps::registry()).unsupported_reason, "");
  for (const char* const flag : {"remove_padding", "activation_checkpoint"}) {
    cell.flags = {flag};
    const auto plan = plan_cell(cell, apps::registry());
    EXPECT_FALSE(plan.footprint.has_value());
    EXPECT_NE(plan.unsupported_reason.find(flag), std::string::npos) << plan.unsupported_reason;
  }
  cell.flags = {};
  cell.device.kind = "cpu";
  EXPECT_NE(plan_cell(cell, apps::registry()).unsupported_reason.find("no CUDA graphs"),
            std::string::npos);
}

TEST(PlanCell, heads_that_flash_attention_has_no_cuda_kernel_for_are_unsupported_with_a_reason) {
  auto cell = small_cell("fused");
  cell.device.kind = "cuda";
  cell.model.heads = 1;
  cell.flags = {"flash_attention"};
  cell.model.hidden = 256;
  EXPECT_EQ(plan_cell(cell, apps::registry()).unsupported_reason, "");
  cell.model.hidden = 264;
  const auto plan = plan_cell(cell, apps::registry());
  EXPECT_FALSE(plan.footprint.has_value());
  EXPECT_NE(plan.unsupported_reason.find("heads of 264, more than 256"), std::string::npos)
      << plan.unsupported_reason;
  cell.flags = {};
  EXPECT_EQ(plan_cell(cell, apps::registry()).unsupported_reason, "");
  cell.flags = {"flash_attention"};
  cell.device.kind = "cpu";
  EXPECT_EQ(plan_cell(cell, apps::registry()).unsupported_reason, "");
}

TEST(PlanCell, a_cuda_device_that_is_not_there_is_planned_all_the_same) {
  auto cell = bert_large("pytorch_eager");
  cell.device.kind = "cuda";
  cell.precision = "fp16";
  const auto reply = reply_to_plan_request({cell}, apps::registry());
  EXPECT_EQ(reply.device.kind, "cuda");
  EXPECT_EQ(reply.device, device_status("cuda"));
  EXPECT_EQ(reply.device.available, reply.device.reason.empty());
  const auto& footprint = reply.plans.at(0).footprint.value();
  // 16 bytes a parameter of 335 million, less the gradients that the peak has not all of yet.
  EXPECT_GT(footprint.at_peak.optimizer_state, int64_t{4} << 30 >> 1);
  EXPECT_EQ(footprint.at_peak.weights / 2000000, 334);
  EXPECT_EQ(footprint.library_scratch_bytes, footprint.at_peak.other);
  EXPECT_GT(footprint.library_scratch_bytes, int64_t{16} << 20);
}

TEST(PlanCell, cudas_dropout_mask_is_a_byte_and_the_cpus_a_float) {
  auto cpu = bert_large("pytorch_eager");
  auto cuda = cpu;
  cuda.device.kind = "cuda";
  const int64_t attention = 24 * 8 * 16 * int64_t{384} * 384;
  const int64_t saved = peak(cpu) - peak(cuda);
  EXPECT_GT(saved, 3 * attention - (int64_t{64} << 20));
}

TEST(PlanCell, on_cuda_pytorch_tuned_never_holds_scores) {
  auto cell = small_cell("pytorch_tuned");
  cell.device.kind = "cuda";
  cell.precision = "bf16";
  const auto largest = [&](const std::string& implementation, int64_t sequence) {
    cell.implementation = implementation;
    cell.sequence_length = cell.model.max_positions = sequence;
    return peak(cell);
  };
  const auto growth = [&](const std::string& implementation) {
    const int64_t short_one = largest(implementation, 512);
    return static_cast<double>(largest(implementation, 2048)) / static_cast<double>(short_one);
  };
  EXPECT_LT(growth("pytorch_tuned"), 4.2);
  EXPECT_GT(growth("pytorch_eager"), 6);
}

TEST(PlanCell, on_cuda_heads_that_no_fused_kernel_loads_hold_scores) {
  auto cell = bert_large("pytorch_tuned");
  cell.device.kind = "cuda";
  cell.precision = "bf16";
  const int64_t fused = peak(cell);
  cell.model.hidden = 992;  // head dim 62
  EXPECT_GT(peak(cell), fused);
}

TEST(PlanCell, the_fused_layers_products_take_workspace_for_each_thread_on_the_cpu_alone) {
  auto one = small_cell("fused");
  one.micro_batch = one.global_batch = 16;
  one.model.layers = 1;
  one.model.hidden = 192;
  one.model.intermediate = 768;
  one.measure.threads = 1;
  auto three = one;
  three.measure.threads = 3;
  EXPECT_LT(peak(one), peak(three));
  one.device.kind = three.device.kind = "cuda";
  EXPECT_EQ(peak(one), peak(three));
}

TEST(PlanCell, flash_attention_takes_a_buffer_for_each_thread_on_the_cpu_alone) {
  auto one = small_cell("pytorch_tuned");
  one.model.attention_dropout = one.model.hidden_dropout = 0;
  one.measure.threads = 1;
  auto many = one;
  many.measure.threads = 128;
  EXPECT_LT(peak(one), peak(many));
  one.device.kind = many.device.kind = "cuda";
  EXPECT_EQ(peak(one), peak(many));
}

TEST(PlanCell, more_than_two_micro_batches_a_step_take_no_more) {
  auto cell = small_cell("fused");
  cell.global_batch = 4;
  const auto two = peak(cell);
  cell.global_batch = 14;
  EXPECT_EQ(peak(cell), two);
  cell.global_batch = 2;
  EXPECT_LT(peak(cell), two);
}

TEST(PlanCell, every_flag_saves_at_least_what_it_drops) {
  auto cell = bert_large("fused");
  cell.precision = "bf16";
  const int64_t none = peak(cell);
  const int64_t rows = 8 * 384;
  const auto with = [&](std::vector<std::string> flags) {
    cell.flags = std::move(flags);
    return none - peak(cell);
  };
  // Of 24 layers the last one's backward runs at the peak with buffers of its own.
  EXPECT_GT(with({"normalize_invertible"}), 22 * 2 * 2 * rows * 1024);
  EXPECT_GT(with({"gelu_checkpoint"}), 22 * 2 * rows * 4096);
  EXPECT_GT(with({"attn_dropout_checkpoint"}), 22 * 2 * 8 * 16 * int64_t{384} * 384);
  EXPECT_GT(with({"activation_checkpoint"}),
            with({"normalize_invertible", "gelu_checkpoint", "attn_dropout_checkpoint"}));
}

TEST(PlanCell, an_unknown_implementation_or_flag_is_an_error) {
  EXPECT_THROW(plan_cell(small_cell("magic"), apps::registry()), harness::ProtocolError);
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{"attn_dropout_checkpoint", "flash_attention"},
        {"gelu_checkpoint", "activation_checkpoint"}}) {
    auto combined = small_cell("fused");
    combined.flags = flags;
    EXPECT_THROW(plan_cell(combined, apps::registry()), harness::ProtocolError);
  }
  auto cell = small_cell("fused");
  cell.flags = {"magic"};
  EXPECT_THROW(plan_cells({cell}, apps::registry()), harness::ProtocolError);
}

}  // namespace
}  // namespace worker
