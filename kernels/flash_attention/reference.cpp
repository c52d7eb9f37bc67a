#include "kernels/flash_attention/reference.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/core/dropout_bits.h"

namespace kernels {
namespace {

/// A row-major matrix.
struct Matrix {
  int64_t rows;
  int64_t columns;
  std::vector<double> values = std::vector<double>(static_cast<size_t>(rows * columns));

  double& at(int64_t row, int64_t column) {
    return values[static_cast<size_t>(row * columns + column)];
  }
  double at(int64_t row, int64_t column) const {
    return values[static_cast<size_t>(row * columns + column)];
  }
};

Matrix transpose(const Matrix& a) {
  Matrix result = {a.columns, a.rows};
  for (int64_t i = 0; i < a.rows; ++i) {
    for (int64_t j = 0; j < a.columns; ++j) result.at(j, i) = a.at(i, j);
  }
  return result;
}

Matrix operator*(const Matrix& a, const Matrix& b) {
  Matrix result = {a.rows, b.columns};
  for (int64_t i = 0; i < a.rows; ++i) {
    for (int64_t k = 0; k < a.columns; ++k) {
      for (int64_t j = 0; j < b.columns; ++j) result.at(i, j) += a.at(i, k) * b.at(k, j);
    }
  }
  return result;
}

Matrix operator*(double factor, Matrix a) {
  for (double& value : a.values) value *= factor;
  return a;
}

/// One sequence and head of the tensors.
struct Head {
  const AttentionRows& rows;
  int64_t b;
  int64_t head;

  int64_t hidden() const { return rows.heads * rows.head_dim; }
  int64_t first() const { return rows.offsets[b]; }
  int64_t count() const { return rows.offsets[b + 1] - first(); }
  int64_t keys() const {
    const int64_t length = rows.lengths[b];
    return length > 0 ? std::min(length, count()) : count();
  }
  /// Of tensor [rows, parts * hidden]: element (row, column) of this head's columns of `part`.
  int64_t index(int64_t parts, int64_t part, int64_t row, int64_t column) const {
    return (first() + row) * parts * hidden() + part * hidden() + head * rows.head_dim + column;
  }
};

Matrix read(const Head& head, const double* tensor, int64_t parts, int64_t part, int64_t count) {
  Matrix result = {count, head.rows.head_dim};
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t j = 0; j < result.columns; ++j) {
      result.at(i, j) = tensor[head.index(parts, part, i, j)];
    }
  }
  return result;
}

template <class Args>
Matrix read_biased(const Head& head, const Args& args, int64_t part, int64_t count) {
  Matrix result = read(head, args.qkv, 3, part, count);
  const double* bias = args.bias + part * head.hidden() + head.head * head.rows.head_dim;
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t j = 0; j < result.columns; ++j) result.at(i, j) += bias[j];
  }
  return result;
}

/// Writes a gradient of `part`, zeros below its last row, and adds its column sums to d_bias.
void write(const Head& head, const FlashAttentionBackward<double>& args, int64_t part,
           const Matrix& gradient) {
  double* d_bias = args.d_bias + part * head.hidden() + head.head * head.rows.head_dim;
  for (int64_t i = 0; i < head.count(); ++i) {
    for (int64_t j = 0; j < gradient.columns; ++j) {
      const double value = i < gradient.rows ? gradient.at(i, j) : 0;
      args.d_qkv[head.index(3, part, i, j)] = value;
      d_bias[j] += value;
    }
  }
}

/// exp(scores - log_sum_exp), by rows.
struct Softmax {
  Matrix probabilities;
  std::vector<double> log_sum_exp;
};

Softmax softmax(Matrix scores) {
  Softmax result = {std::move(scores), {}};
  Matrix& p = result.probabilities;
  for (int64_t i = 0; i < p.rows; ++i) {
    double maximum = -INFINITY;
    for (int64_t j = 0; j < p.columns; ++j) maximum = std::max(maximum, p.at(i, j));
    double sum = 0;
    for (int64_t j = 0; j < p.columns; ++j) sum += std::exp(p.at(i, j) - maximum);
    result.log_sum_exp.push_back(maximum + std::log(sum));
    for (int64_t j = 0; j < p.columns; ++j) {
      p.at(i, j) = std::exp(p.at(i, j) - maximum) / sum;
    }
  }
  return result;
}

Matrix dropped(const Head& head, const DropoutStream& stream, Matrix a) {
  const double scale = dropout_scale(stream.probability);
  for (int64_t i = 0; i < a.rows; ++i) {
    for (int64_t j = 0; j < a.columns; ++j) {
      a.at(i, j) = keep(stream, head.b, head.head, i, j) ? a.at(i, j) * scale : 0;
    }
  }
  return a;
}

template <class Visit>
void for_each_head(const AttentionRows& rows, const Visit& visit) {
  for (int64_t b = 0; b < rows.batch; ++b) {
    for (int64_t head = 0; head < rows.heads; ++head) visit(Head{rows, b, head});
  }
}

}  // namespace

void reference_flash_attention_forward(const FlashAttentionForward<double>& args) {
  const int64_t total = args.rows.offsets[args.rows.batch];
  for_each_head(args.rows, [&](const Head& head) {
    const Matrix q = read_biased(head, args, 0, head.count());
    const Matrix k = read_biased(head, args, 1, head.keys());
    const Matrix v = read_biased(head, args, 2, head.keys());
    const Softmax p = softmax(double{args.scale} * (q * transpose(k)));
    const Matrix context = dropped(head, args.stream, p.probabilities) * v;
    for (int64_t i = 0; i < head.count(); ++i) {
      args.log_sum_exp[head.head * total + head.first() + i] =
          static_cast<float>(p.log_sum_exp[static_cast<size_t>(i)]);
      for (int64_t j = 0; j < context.columns; ++j) {
        args.context[head.index(1, 0, i, j)] = context.at(i, j);
      }
    }
  });
}

void reference_flash_attention_backward(const FlashAttentionBackward<double>& args) {
  std::fill_n(args.d_bias, 3 * args.rows.heads * args.rows.head_dim, 0.0);
  for_each_head(args.rows, [&](const Head& head) {
    const Matrix q = read_biased(head, args, 0, head.count());
    const Matrix k = read_biased(head, args, 1, head.keys());
    const Matrix v = read_biased(head, args, 2, head.keys());
    const Matrix d_context = read(head, args.d_context, 1, 0, head.count());
    const Matrix p = softmax(double{args.scale} * (q * transpose(k))).probabilities;
    const Matrix d_p = dropped(head, args.stream, d_context * transpose(v));
    Matrix d_scores = {p.rows, p.columns};
    for (int64_t i = 0; i < p.rows; ++i) {
      double mean = 0;
      for (int64_t j = 0; j < p.columns; ++j) mean += p.at(i, j) * d_p.at(i, j);
      for (int64_t j = 0; j < p.columns; ++j) {
        d_scores.at(i, j) = p.at(i, j) * (d_p.at(i, j) - mean);
      }
    }
    write(head, args, 0, double{args.scale} * (d_scores * k));
    write(head, args, 1, double{args.scale} * (transpose(d_scores) * q));
    write(head, args, 2, transpose(dropped(head, args.stream, p)) * d_context);
  });
}

}  // namespace kernels
