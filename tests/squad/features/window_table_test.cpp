#include "squad/features/window_table.h"

#include <functional>

#include "squad/squad_error.h"
#include "tests/squad/features/window_fixture.h"

namespace squad {
namespace {

class WindowTableTest : public WindowFixture {
 protected:
  WindowSet made() const {
    return make_windows(examples(Purpose::kTraining), tokenizer_, options_);
  }
};

TEST_F(WindowTableTest, a_table_gives_its_windows_back) {
  const WindowSet set = made();
  ASSERT_EQ(set.windows.size(), 2U);
  EXPECT_EQ(from_table(to_table(set), options_, true, 2), set);
}

TEST_F(WindowTableTest, arrays_that_do_not_fit_are_refused) {
  const std::vector<std::function<void(WindowTable&)>> kDefects = {
      [](WindowTable& table) { table.windows.pop_back(); },
      [](WindowTable& table) { table.input_ids.pop_back(); },
      [](WindowTable& table) { table.input_ids.push_back(0); },
      [](WindowTable& table) { table.word_of_token.pop_back(); },
      [](WindowTable& table) { table.is_max_context.push_back(0); },
      [](WindowTable& table) { table.windows[0] = 2; },  // an example too many
      [](WindowTable& table) { table.windows[0] = -1; },
      [](WindowTable& table) { table.windows[2] = 1 << 30; },  // tokens
      [](WindowTable& table) { table.windows[3] = -1; },       // where the paragraph begins
      [](WindowTable& table) { table.windows[3] = table.windows[2]; },
      [](WindowTable& table) { table.textless = {7}; }};
  for (std::size_t i = 0; i < kDefects.size(); ++i) {
    WindowTable table = to_table(made());
    kDefects[i](table);
    EXPECT_THROW(from_table(table, options_, true, 2), SquadError) << "defect " << i;
  }
}

}  // namespace
}  // namespace squad
