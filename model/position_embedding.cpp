#include "model/position_embedding.h"

#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

namespace model {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// What backward needs; the table's values are not among it.
struct TableLayout : torch::CustomClassHolder {
  TableLayout(SequenceLayout layout_in, const at::Tensor& table)
      : layout(std::move(layout_in)), sizes(table.sizes().vec()) {}

  SequenceLayout layout;
  std::vector<int64_t> sizes;
};

/// body(sequence's first row, its tokens) for each sequence that has any.
template <class Body>
void for_each_sequence(const SequenceLayout& layout, const Body& body) {
  for (size_t i = 0; i < layout.lengths.size(); ++i) {
    if (layout.lengths[i] > 0) body(layout.offsets[i], layout.lengths[i]);
  }
}

class AddPositions : public torch::autograd::Function<AddPositions> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& rows,
                            const at::Tensor& table, const SequenceLayout& layout) {
    context->saved_data["table"] =
        at::IValue::make_capsule(c10::make_intrusive<TableLayout>(layout, table));
    context->mark_dirty({rows});
    for_each_sequence(layout, [&](int64_t first, int64_t tokens) {
      rows.narrow(0, first, tokens).add_(table.narrow(0, 0, tokens));
    });
    return rows;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const at::Tensor& d_rows = gradients.at(0);
    const auto held = context->saved_data.at("table").toCapsule();
    const auto& table = *static_cast<const TableLayout*>(held.get());
    const at::ScalarType wide = d_rows.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
    const at::Tensor d_table = at::zeros(table.sizes, d_rows.options().dtype(wide));
    for_each_sequence(table.layout, [&](int64_t first, int64_t tokens) {
      d_table.narrow(0, 0, tokens).add_(d_rows.narrow(0, first, tokens).to(wide));
    });
    return {d_rows, d_table.to(d_rows.scalar_type()), at::Tensor()};
  }
};

}  // namespace

at::Tensor add_positions(const at::Tensor& rows, const at::Tensor& table,
                         const SequenceLayout& layout) {
  return AddPositions::apply(rows, table, layout);
}

}  // namespace model
