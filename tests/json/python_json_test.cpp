#include "json/python_json.h"

#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

namespace json {
namespace {

// Right-hand sides: what json.dumps of Python 3.11 prints.
TEST(PythonJson, numbers_have_the_digits_of_repr) {
  EXPECT_EQ(python_json(0.0), "0.0");
  EXPECT_EQ(python_json(-0.0), "-0.0");
  EXPECT_EQ(python_json(1.0), "1.0");
  EXPECT_EQ(python_json(-12.0), "-12.0");
  EXPECT_EQ(python_json(0.1), "0.1");
  EXPECT_EQ(python_json(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(python_json(0.0001), "0.0001");
  EXPECT_EQ(python_json(0.00001), "1e-05");
  EXPECT_EQ(python_json(1.5e-7), "1.5e-07");
  EXPECT_EQ(python_json(123456789012345.0), "123456789012345.0");
  EXPECT_EQ(python_json(1e15), "1000000000000000.0");
  EXPECT_EQ(python_json(9007199254740993.0), "9007199254740992.0");
  EXPECT_EQ(python_json(1e16), "1e+16");
  EXPECT_EQ(python_json(1.25e22), "1.25e+22");
  EXPECT_EQ(python_json(1e100), "1e+100");
  EXPECT_EQ(python_json(5e-324), "5e-324");
  EXPECT_EQ(python_json(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(python_json(double{0.9515393F}), "0.9515392780303955");
  EXPECT_EQ(python_json(86.20624408703878), "86.20624408703878");
}

TEST(PythonJson, what_is_not_finite_is_refused) {
  EXPECT_THROW(python_json(std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
  EXPECT_THROW(python_json(std::numeric_limits<double>::infinity()), std::invalid_argument);
}

TEST(PythonJson, texts_are_ascii) {
  EXPECT_EQ(python_json("plain / text"), R"("plain / text")");
  EXPECT_EQ(python_json("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(python_json("\x01\x1F\x7F"), R"("\u0001\u001f\u007f")");
  EXPECT_EQ(python_json("24\u201310 \u00E9"), R"("24\u201310 \u00e9")");
  EXPECT_EQ(python_json("\U0001F600"), R"("\ud83d\ude00")");
  EXPECT_EQ(python_json(std::string_view("a\0b", 3)), R"("a\u0000b")");
}

TEST(PythonJson, bytes_that_are_not_utf8_are_refused) {
  EXPECT_THROW(python_json("\xFF"), std::invalid_argument);
}

}  // namespace
}  // namespace json
