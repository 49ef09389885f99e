#include "engine/optimize/train/ops.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

// One plain source, compiled for several instruction sets by the compiler and chosen when the program is
// loaded. Left out under sanitizers, whose run time is not ready when the choice is made.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&                \
    defined(__GNUC__) && !defined(__clang__)
#define HEARTH_CLONES __attribute__((target_clones("default", "arch=haswell", "arch=skylake-avx512")))
#else
#define HEARTH_CLONES
#endif

namespace hearth::optimize::ops {

namespace {

/// e^x by range reduction to 2^k·e^r, |r| ≤ ln2/2, and the Taylor polynomial of degree 6 (relative error
/// below 3e-7); branch-free, so that compilers vectorise loops over it.
inline __attribute__((always_inline)) float expApprox(float x) {
    x = std::min(std::max(x, -87.0F), 88.0F);
    const float k = std::floor(x * 1.44269504F + 0.5F);
    const float r = (x - k * 0.693359375F) + k * 2.12194440e-4F;
    float p = 1.0F / 720;
    p = p * r + 1.0F / 120;
    p = p * r + 1.0F / 24;
    p = p * r + 1.0F / 6;
    p = p * r + 0.5F;
    p = p * r + 1.0F;
    p = p * r + 1.0F;
    return p * std::bit_cast<float>((static_cast<std::int32_t>(k) + 127) << 23);
}

inline __attribute__((always_inline)) float dot(const float* a, const float* b, std::size_t n) {
    float sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += a[i] * b[i];
    return sum;
}

/// Turns logits into softmax(logits·factor) and returns log Σ e^(logits·factor).
inline __attribute__((always_inline)) float softmaxRow(float* x, std::size_t n, float factor) {
    float top = x[0];
    for (std::size_t i = 1; i < n; ++i)
        top = std::max(top, x[i]);
    float sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        x[i] = expApprox((x[i] - top) * factor);
        sum += x[i];
    }
    const float inverse = 1 / sum;
    for (std::size_t i = 0; i < n; ++i)
        x[i] *= inverse;
    return top * factor + std::log(sum);
}

} // namespace

HEARTH_CLONES
void rmsNorm(const float* x, const float* weight, std::size_t n, std::size_t dim, float eps, float* y,
             float* rstd) {
    for (std::size_t row = 0; row < n; ++row, x += dim, y += dim) {
        const float r = 1 / std::sqrt(dot(x, x, dim) / static_cast<float>(dim) + eps);
        rstd[row] = r;
        for (std::size_t i = 0; i < dim; ++i)
            y[i] = x[i] * r * weight[i];
    }
}

// With x̂ = x·r and g = dy·w:  dx = r·(g − x̂·mean(g·x̂)),  dw = Σ dy·x̂.
HEARTH_CLONES
void rmsNormBackward(const float* x, const float* weight, const float* rstd, const float* dy, std::size_t n,
                     std::size_t dim, float* dx, float* dWeight) {
    for (std::size_t row = 0; row < n; ++row, x += dim, dy += dim, dx += dim) {
        const float r = rstd[row];
        float mean = 0;
        for (std::size_t i = 0; i < dim; ++i)
            mean += dy[i] * weight[i] * x[i];
        mean *= r * r / static_cast<float>(dim);
        for (std::size_t i = 0; i < dim; ++i) {
            dx[i] += r * (dy[i] * weight[i] - x[i] * mean);
            dWeight[i] += dy[i] * x[i] * r;
        }
    }
}

void rope(float* x, std::size_t rowStride, std::size_t n, std::size_t heads, const std::int32_t* positions,
          const RopeTable& table, float direction) {
    for (std::size_t row = 0; row < n; ++row, x += rowStride) {
        const std::size_t at = static_cast<std::size_t>(positions[row]) * table.pairs;
        for (std::size_t h = 0; h < heads; ++h) {
            float* head = x + h * table.pairs * 2;
            for (std::size_t i = 0; i < table.pairs; ++i) {
                const float c = table.cos[at + i], s = direction * table.sin[at + i];
                const float a = head[2 * i], b = head[2 * i + 1];
                head[2 * i] = a * c - b * s;
                head[2 * i + 1] = a * s + b * c;
            }
        }
    }
}

HEARTH_CLONES
void swiglu(const float* gate, const float* up, std::size_t count, float* out) {
    for (std::size_t i = 0; i < count; ++i)
        out[i] = gate[i] / (1 + expApprox(-gate[i])) * up[i];
}

// silu'(g) = σ(g)·(1 + g·(1 − σ(g))).
HEARTH_CLONES
void swigluBackward(const float* gate, const float* up, const float* dOut, std::size_t count, float* dGate,
                    float* dUp) {
    for (std::size_t i = 0; i < count; ++i) {
        const float sigmoid = 1 / (1 + expApprox(-gate[i]));
        const float upstream = dOut[i];
        dUp[i] = upstream * gate[i] * sigmoid;
        dGate[i] = upstream * up[i] * sigmoid * (1 + gate[i] * (1 - sigmoid));
    }
}

HEARTH_CLONES
void causalSoftmax(float* s, std::size_t n, float scale) {
    for (std::size_t row = 0; row < n; ++row, s += n) {
        softmaxRow(s, row + 1, scale);
        for (std::size_t i = row + 1; i < n; ++i)
            s[i] = 0;
    }
}

// dS = scale·p·(dP − Σ p·dP).
HEARTH_CLONES
void causalSoftmaxBackward(const float* p, float* dS, std::size_t n, float scale) {
    for (std::size_t row = 0; row < n; ++row, p += n, dS += n) {
        const float mean = dot(p, dS, row + 1);
        for (std::size_t i = 0; i <= row; ++i)
            dS[i] = scale * p[i] * (dS[i] - mean);
        for (std::size_t i = row + 1; i < n; ++i)
            dS[i] = 0;
    }
}

HEARTH_CLONES
double crossEntropyRow(float* logits, std::size_t vocabulary, std::int32_t target, float weight) {
    const auto at = static_cast<std::size_t>(target);
    const float chosen = logits[at];
    const float logSum = softmaxRow(logits, vocabulary, 1);
    for (std::size_t i = 0; i < vocabulary; ++i)
        logits[i] *= weight;
    logits[at] -= weight;
    return static_cast<double>(logSum) - static_cast<double>(chosen);
}

double distillationRow(float* logits, const float* teacherLogits, std::size_t vocabulary, std::int32_t target,
                       float weight, float share, float temperature) {
    std::vector<float> teacher(teacherLogits, teacherLogits + vocabulary),
        student(logits, logits + vocabulary);
    softmaxRow(teacher.data(), vocabulary, 1 / temperature);
    softmaxRow(student.data(), vocabulary, 1 / temperature);
    double divergence = 0;
    for (std::size_t i = 0; i < vocabulary; ++i)
        if (teacher[i] > 0)
            divergence += static_cast<double>(teacher[i]) * (std::log(static_cast<double>(teacher[i])) -
                                                             std::log(static_cast<double>(student[i])));
    const double hard = crossEntropyRow(logits, vocabulary, target, weight * (1 - share));
    // d/dlogits of T²·KL is T·(student − teacher).
    const float factor = weight * share * temperature;
    for (std::size_t i = 0; i < vocabulary; ++i)
        logits[i] += factor * (student[i] - teacher[i]);
    return (1 - static_cast<double>(share)) * hard +
           static_cast<double>(share * temperature * temperature) * divergence;
}

HEARTH_CLONES
void adamStep(const AdamStep& step, std::size_t count, const float* gradient, float* first, float* second,
              float* parameter) {
    for (std::size_t i = 0; i < count; ++i) {
        const float g = gradient[i] * step.gradientFactor;
        first[i] = step.beta1 * first[i] + (1 - step.beta1) * g;
        second[i] = step.beta2 * second[i] + (1 - step.beta2) * g * g;
        const float towards =
            first[i] / step.correction1 / (std::sqrt(second[i] / step.correction2) + step.epsilon);
        parameter[i] -= step.rate * (towards + step.decay * parameter[i]);
    }
}

HEARTH_CLONES
void add(float* x, const float* y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        x[i] += y[i];
}

double sumOfSquares(const float* x, std::size_t count) {
    // Blocks keep the float sums short, so that the result is good to about 1e-7.
    double total = 0;
    for (std::size_t begin = 0; begin < count; begin += 4096)
        total += static_cast<double>(dot(x + begin, x + begin, std::min<std::size_t>(4096, count - begin)));
    return total;
}

} // namespace hearth::optimize::ops
