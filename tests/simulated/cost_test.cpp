#include "simulated/cost.h"

#include <gtest/gtest.h>

#include "harness/protocol/protocol_error.h"
#include "tests/simulated/simulated_cells.h"

namespace simulated {
namespace {

// Two micro-batches of 10 ms + 4 * 2 ms.
TEST(Cost, a_step_takes_what_its_micro_batches_and_their_sequences_take) {
  EXPECT_DOUBLE_EQ(step_seconds(make_cell()), 2 * 0.018);
}

TEST(Cost, sequences_take_time_and_memory_in_proportion_to_their_length) {
  auto cell = make_cell();
  cell.sequence_length = 192;
  EXPECT_DOUBLE_EQ(step_seconds(cell), 2 * 0.014);
  EXPECT_EQ(footprint(cell).peak_bytes, 1000 + 200);
}

// 1.1 * 0.8 of the time; half of nine tenths of the activations.
TEST(Cost, flags_multiply) {
  auto cell = make_cell();
  cell.flags = {"gelu_checkpoint", "flash_attention", "unheard_of"};
  EXPECT_DOUBLE_EQ(step_seconds(cell), 2 * 0.018 * 0.88);
  EXPECT_EQ(footprint(cell).at_peak.saved_activations, 180);
}

TEST(Cost, the_base_is_divided_as_adam_has_it) {
  auto cell = make_cell();
  cell.device.simulated->implementations["fused"].base_bytes = 1003;
  const auto memory = footprint(cell);
  EXPECT_EQ(memory.at_peak, (harness::BytesByCategory{250, 250, 503, 400, 0, 0}));
  EXPECT_EQ(memory.peak_bytes, 1403);
  EXPECT_EQ(memory.peak_phase, "backward");
}

TEST(Cost, the_largest_numbers_that_a_cell_may_have_do_not_overflow) {
  auto cell = make_cell();
  cell.micro_batch = 65536;
  cell.sequence_length = 65536;
  cell.device.simulated->implementations["fused"] = {1, 1, int64_t{1} << 50, int64_t{1} << 50};
  EXPECT_EQ(footprint(cell).peak_bytes, (int64_t{1} << 61) + (int64_t{1} << 50));
}

TEST(Cost, a_cell_of_another_device_or_implementation_is_refused) {
  auto cell = make_cell();
  cell.implementation = "pytorch_eager";
  EXPECT_THROW(step_seconds(cell), harness::ProtocolError);
  EXPECT_THROW(footprint(stubs::make_cell()), harness::ProtocolError);
}

}  // namespace
}  // namespace simulated
