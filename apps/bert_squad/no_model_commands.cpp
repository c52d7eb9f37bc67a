// What a build without LibTorch has in the place of model_commands.cpp.
#include "apps/bert_squad/model_commands.h"

namespace apps {

void add_model_commands(CLI::App& /*program*/) {}

void let_first_process_speak() {}

void end_other_processes(int /*status*/) {}

}  // namespace apps
