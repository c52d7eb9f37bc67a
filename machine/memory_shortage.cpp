#include "machine/memory_shortage.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

namespace machine {
namespace {

const char* the_program = "";
int the_status = EXIT_FAILURE;

bool memory_is_missing() {
  const std::exception_ptr error = std::current_exception();
  if (!error) return false;
  try {
    std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (...) {
    return false;
  }
}

[[noreturn]] void end() {
  if (!memory_is_missing()) std::abort();
  std::fprintf(stderr, "%s: %s\n", the_program, kMemoryShortage);
  std::_Exit(the_status);
}

}  // namespace

void exit_on_memory_shortage(const char* program, int status) {
  the_program = program;
  the_status = status;
  std::set_terminate(&end);
}

}  // namespace machine
