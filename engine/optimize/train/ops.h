#pragma once

#include <cstddef>
#include <cstdint>

/// Forward and backward of the pieces of a llama block that are not matrix products. Row-major float32;
/// gradients named d…; "+=" says where a gradient is added to what is there.
namespace hearth::optimize::ops {

/// y[n][dim] = x·rstd·weight with rstd[n] = 1/√(mean(x²)+eps), kept for the backward pass.
void rmsNorm(const float* x, const float* weight, std::size_t n, std::size_t dim, float eps, float* y,
             float* rstd);
/// dx += …, dWeight += …
void rmsNormBackward(const float* x, const float* weight, const float* rstd, const float* dy, std::size_t n,
                     std::size_t dim, float* dx, float* dWeight);

/// Rotates interleaved pairs of every head in place (the llama convention). `direction` −1 is the inverse and
/// so the backward pass. Row i stands at positions[i]; table[position][pairs] as cos, sin.
struct RopeTable {
    const float* cos;
    const float* sin;
    std::size_t pairs;
};
void rope(float* x, std::size_t rowStride, std::size_t n, std::size_t heads, const std::int32_t* positions,
          const RopeTable& table, float direction);

/// out = silu(gate)·up.
void swiglu(const float* gate, const float* up, std::size_t count, float* out);
/// dGate, dUp from dOut.
void swigluBackward(const float* gate, const float* up, const float* dOut, std::size_t count, float* dGate,
                    float* dUp);

/// Causal softmax in place over s[n][n] scaled by `scale`: row i keeps columns 0…i, the rest become 0.
void causalSoftmax(float* s, std::size_t n, float scale);
/// s (probabilities) and dS (gradient of them) → dS becomes the gradient of the unscaled scores.
void causalSoftmaxBackward(const float* p, float* dS, std::size_t n, float scale);

/// Mean-free cross entropy of one row: returns −log softmax(logits)[target] and turns logits into
/// weight·(softmax − onehot).
double crossEntropyRow(float* logits, std::size_t vocabulary, std::int32_t target, float weight);
/// As crossEntropyRow against hard and soft targets (Hinton, Vinyals, Dean 2015):
/// (1−share)·CE(hard) + share·T²·KL(softmax(teacher/T) ‖ softmax(logits/T)).
double distillationRow(float* logits, const float* teacherLogits, std::size_t vocabulary, std::int32_t target,
                       float weight, float share, float temperature);

struct AdamStep {
    float beta1, beta2, epsilon, rate, correction1, correction2, gradientFactor, decay;
};
void adamStep(const AdamStep& step, std::size_t count, const float* gradient, float* first, float* second,
              float* parameter);

void add(float* x, const float* y, std::size_t count); ///< x += y
double sumOfSquares(const float* x, std::size_t count);

} // namespace hearth::optimize::ops
