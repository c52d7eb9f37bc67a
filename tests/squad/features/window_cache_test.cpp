#include "squad/features/window_cache.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "squad/squad_error.h"
#include "tests/squad/features/window_fixture.h"

namespace squad {
namespace {

using testing::HasSubstr;
using testing::Not;

class WindowCache : public WindowFixture {
 protected:
  CachedWindows windows(Purpose purpose = Purpose::kTraining) const {
    return cached_windows(examples(purpose), tokenizer_, options_, cache());
  }
  std::filesystem::path cache() const { return folder_ / "new" / "cache"; }
  std::ptrdiff_t files() const {
    return std::distance(std::filesystem::directory_iterator(cache()), {});
  }
  static std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
  }
};

TEST_F(WindowCache, what_was_made_once_is_found_again_and_equal) {
  for (const Purpose purpose : {Purpose::kTraining, Purpose::kPrediction}) {
    const CachedWindows made = windows(purpose);
    EXPECT_FALSE(made.found);
    EXPECT_EQ(made.set, make_windows(examples(purpose), tokenizer_, options_));
    const CachedWindows found = windows(purpose);
    EXPECT_TRUE(found.found);
    EXPECT_EQ(found.set, made.set);
    EXPECT_EQ(found.file, made.file);
    EXPECT_EQ(found.remark, "");
  }
  EXPECT_EQ(files(), 2);
}

TEST_F(WindowCache, content_counts_and_not_the_name_of_the_file) {
  windows();
  EXPECT_TRUE(
      cached_windows(examples(Purpose::kTraining, "other.json"), tokenizer_, options_, cache())
          .found);
}

TEST_F(WindowCache, whatever_windows_depend_on_makes_another_file) {
  windows();
  const Examples questions = examples(Purpose::kTraining);
  const Vocabulary longer("[PAD]\n[UNK]\n[CLS]\n[SEP]\nwho\na\nb\nc\nd\n", "longer");
  const auto found = [&](const Tokenizer& tokenizer, const WindowOptions& options) {
    return cached_windows(questions, tokenizer, options, cache()).found;
  };
  EXPECT_FALSE(found(Tokenizer(longer, true, Compat::kGoogle), options_));
  EXPECT_FALSE(found(Tokenizer(vocabulary_, false, Compat::kGoogle), options_));
  EXPECT_FALSE(found(Tokenizer(vocabulary_, true, Compat::kBing), options_));
  for (const auto field : {&WindowOptions::max_seq_length, &WindowOptions::doc_stride,
                           &WindowOptions::max_query_length}) {
    WindowOptions options = options_;
    options.*field += 1;
    EXPECT_FALSE(found(tokenizer_, options));
  }
  EXPECT_EQ(files(), 7);
}

TEST_F(WindowCache, a_file_damaged_in_any_byte_or_cut_is_made_again_with_a_remark) {
  const CachedWindows made = windows();
  const std::string whole = content(made.file);
  for (std::size_t i = 0; i <= whole.size(); i += 7) {
    std::string damaged = whole;
    if (i < whole.size()) {
      damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    } else {
      damaged.pop_back();
    }
    write(made.file, damaged);
    const CachedWindows again = windows();
    EXPECT_EQ(again.set, made.set) << "byte " << i;
    EXPECT_FALSE(again.found) << "byte " << i;
    EXPECT_THAT(again.remark, HasSubstr("made again, because the file could not be used"));
    EXPECT_THAT(again.remark, Not(HasSubstr("\n")));
    EXPECT_EQ(content(made.file), whole);
  }
}

TEST_F(WindowCache, a_file_of_other_windows_under_this_name_is_not_taken) {
  const CachedWindows training = windows(Purpose::kTraining);
  const CachedWindows prediction = windows(Purpose::kPrediction);
  std::filesystem::copy_file(prediction.file, training.file,
                             std::filesystem::copy_options::overwrite_existing);
  const CachedWindows again = windows(Purpose::kTraining);
  EXPECT_EQ(again.set, training.set);
  EXPECT_THAT(again.remark, HasSubstr("made of something else"));
}

TEST_F(WindowCache, a_directory_that_cannot_be_created_is_named) {
  write(folder_ / "file", "");
  try {
    cached_windows(examples(Purpose::kTraining), tokenizer_, options_, folder_ / "file" / "cache");
    ADD_FAILURE();
  } catch (const SquadError& error) {
    EXPECT_THAT(error.what(), HasSubstr("file/cache: cannot create this directory"));
  }
}

}  // namespace
}  // namespace squad
