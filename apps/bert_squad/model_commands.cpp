#include "apps/bert_squad/model_commands.h"

#include <chrono>
#include <thread>

#include "apps/bert_squad/predict.h"
#include "apps/bert_squad/train.h"
#include "train/parallel/communicator.h"

namespace apps {

void add_model_commands(CLI::App& program) {
  add_train(program);
  add_predict(program);
}

void let_first_process_speak() {
  if (train::Communicator::joined_rank() > 0) std::this_thread::sleep_for(std::chrono::seconds(1));
}

void end_other_processes(int status) {
  train::Communicator::abort(status);
}

}  // namespace apps
