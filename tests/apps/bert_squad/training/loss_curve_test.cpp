#include "apps/bert_squad/training/loss_curve.h"

#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "files/file_error.h"
#include "harness/harness_error.h"

namespace apps {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class LossCurveTest : public testing::Test {
 protected:
  LossCurveTest() { std::filesystem::create_directories(folder_); }
  ~LossCurveTest() override { std::filesystem::remove_all(folder_); }

  std::string text() const {
    std::ifstream stream(file_);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void append(const std::string& more) const { std::ofstream(file_, std::ios::app) << more; }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("loss_curve_test." + std::to_string(::getpid()));
  std::filesystem::path file_ = folder_ / "loss_curve.csv";
};

TEST_F(LossCurveTest, rows_are_there_as_soon_as_steps_are) {
  LossCurve curve(file_, 0.5, 0);
  EXPECT_EQ(text(), "step,loss,loss_average,learning_rate,samples_per_second\n");
  curve.add(4, 0.5, 10);
  EXPECT_THAT(text(), HasSubstr("\n1,4,4,0.5,10\n"));
  curve.store();
  curve.add(1, 1e-5, 12.34567);
  EXPECT_THAT(text(), HasSubstr("\n1,4,4,0.5,10\n2,1,2.5,1e-05,12.35\n"));
}

TEST_F(LossCurveTest, the_average_is_that_of_the_published_program) {
  LossCurve curve(file_, 0.2, 0);
  EXPECT_EQ(curve.add(6, 0, 1).average, 6);
  EXPECT_DOUBLE_EQ(curve.add(1, 0, 1).average, 0.2 * 6 + 0.8 * 1);
  EXPECT_DOUBLE_EQ(curve.add(3, 0, 1).average, 0.2 * 2 + 0.8 * 3);
}

TEST_F(LossCurveTest, a_run_that_goes_on_drops_what_came_after_its_checkpoint) {
  const double third = 1.0 / 3;
  {
    LossCurve curve(file_, 0.2, 0);
    for (const double loss : {3.0, third, 1.0}) curve.add(loss, third, 5);
  }
  append("4,0.2,0.");  // killed while writing
  LossCurve again(file_, 0.2, 2);
  ASSERT_EQ(again.points().size(), 2U);
  EXPECT_EQ(again.points()[1].loss, third);
  EXPECT_EQ(again.points()[1].learning_rate, third);
  EXPECT_EQ(again.add(9, 0, 1).step, 3);
  EXPECT_THAT(text(), HasSubstr("\n3,9,"));
  EXPECT_THAT(text(), testing::Not(HasSubstr("\n4,")));
  LossCurve anew(file_, 0.2, 0);
  EXPECT_TRUE(anew.points().empty());
}

TEST_F(LossCurveTest, a_file_with_fewer_steps_than_the_checkpoint_is_refused) {
  const auto message = [&](int64_t steps) -> std::string {
    try {
      LossCurve(file_, 0.2, steps);
    } catch (const harness::UsageError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message(2), HasSubstr("has 0 of the 2 steps"));
  { LossCurve(file_, 0.2, 0).add(1, 1, 1); }
  EXPECT_THAT(message(2), HasSubstr("has 1 of the 2 steps"));
  append("3,1,1,1,1\n");
  EXPECT_THAT(message(2), StartsWith(file_.string()));
  EXPECT_EQ(message(1), "");
}

TEST_F(LossCurveTest, a_file_that_cannot_be_written_is_named) {
  EXPECT_THROW(LossCurve(folder_ / "none" / "x.csv", 0.2, 0), files::FileError);
}

}  // namespace
}  // namespace apps
