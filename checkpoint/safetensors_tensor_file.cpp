#include "checkpoint/safetensors_tensor_file.h"

#include <algorithm>

#include "checkpoint/safetensors.h"

namespace checkpoint {
namespace {

class SafetensorsTensors : public TensorFile {
 public:
  explicit SafetensorsTensors(const std::filesystem::path& file)
      : TensorFile(file.string(), "safetensors"), file_(file) {
    for (const TensorInfo& tensor : file_.header().tensors) {
      add(tensor.name, tensor.dtype, tensor.shape);
    }
  }

 private:
  void read_tensor(size_t index, std::span<std::byte> destination) const override {
    std::ranges::copy(file_.bytes(file_.header().tensors[index]), destination.begin());
  }

  SafetensorsFile file_;
};

}  // namespace

std::unique_ptr<TensorFile> open_safetensors(const std::filesystem::path& file) {
  return std::make_unique<SafetensorsTensors>(file);
}

}  // namespace checkpoint
