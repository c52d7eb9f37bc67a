// bench_worker with one implementation more: "faulting", the eager layer behind a kernel that
// writes to an illegal address.

#include <memory>
#include <utility>

#include <c10/cuda/CUDAStream.h>

#include "apps/registry.h"
#include "tests/worker/cuda/faulting_kernel.h"
#include "worker/worker_main.h"

namespace {

class FaultingLayer : public model::EncoderLayer {
 public:
  explicit FaultingLayer(std::unique_ptr<model::EncoderLayer> inner) : inner_(std::move(inner)) {}

  at::Tensor forward(const at::Tensor& hidden, const model::SequenceLayout& layout,
                     const model::DropoutSource& dropout, bool training) const override {
    if (hidden.is_cuda()) worker::launch_faulting_kernel(c10::cuda::getCurrentCUDAStream());
    return inner_->forward(hidden, layout, dropout, training);
  }
  std::vector<model::Parameter> parameters() const override { return inner_->parameters(); }
  std::vector<model::WeightView> weights() const override { return inner_->weights(); }

 private:
  std::unique_ptr<model::EncoderLayer> inner_;
};

model::Registry registry() {
  auto result = apps::registry();
  auto faulting = *result.find("pytorch_eager");
  faulting.name = "faulting";
  faulting.make_layer = [make = faulting.make_layer](const auto&... arguments) {
    return std::make_unique<FaultingLayer>(make(arguments...));
  };
  result.implementations.push_back(std::move(faulting));
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  return worker::worker_main(argc, argv,
                             {.registry = registry(),
                              .reference = "pytorch_eager",
                              .environment = nlohmann::json::object(),
                              .measure_peaks = [](int64_t) { return harness::MachinePeaks(); }});
}
