#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hearth::optimize {

/// The llama block's shape. Sizes in elements; heads is a multiple of kvHeads, headDim is even.
struct TrainShape {
    std::size_t vocabulary = 0, dim = 0, layers = 0, heads = 0, kvHeads = 0, headDim = 0, feedForward = 0;
    std::size_t context = 0; ///< longest sequence of a batch
    bool tied = true;        ///< the output matrix is the embedding matrix
    float ropeBase = 10000, normEpsilon = 1e-5F;

    [[nodiscard]] std::size_t qDim() const { return heads * headDim; }
    [[nodiscard]] std::size_t kvDim() const { return kvHeads * headDim; }
};

/// One weight array inside the flat parameter buffer, under its GGUF name.
struct ParameterView {
    std::string name;               ///< "blk.0.attn_q.weight"
    std::size_t offset, rows, cols; ///< [rows][cols] row-major; rows = 1 for norms. y = W·x
    bool decays;                    ///< weight decay applies (matrices, not norms)
    [[nodiscard]] std::size_t size() const { return rows * cols; }
};

/// Where every parameter of a shape lives in one flat float buffer. Immutable.
class ParameterLayout {
public:
    explicit ParameterLayout(const TrainShape& shape);

    [[nodiscard]] const TrainShape& shape() const { return m_shape; }
    [[nodiscard]] std::size_t size() const { return m_size; } ///< floats
    [[nodiscard]] const std::vector<ParameterView>& views() const { return m_views; }

    /// Offsets of one layer's arrays.
    struct Layer {
        std::size_t attnNorm, q, k, v, attnOutput, ffnNorm, gate, up, down;
    };
    [[nodiscard]] std::size_t embedding() const { return m_embedding; }
    [[nodiscard]] std::size_t outputNorm() const { return m_outputNorm; }
    [[nodiscard]] std::size_t output() const { return m_output; } ///< = embedding() when tied
    [[nodiscard]] const Layer& layer(std::size_t index) const { return m_layers[index]; }

private:
    std::size_t add(std::string name, std::size_t rows, std::size_t cols);
    TrainShape m_shape;
    std::size_t m_size = 0, m_embedding = 0, m_outputNorm = 0, m_output = 0;
    std::vector<Layer> m_layers;
    std::vector<ParameterView> m_views;
};

/// Initial weights: normal with standard deviation 0.02, the two projections that write into the residual
/// stream scaled by 1/√(2·layers) (GPT-2's initialisation), norms 1. The same seed gives the same weights.
void initialise(const ParameterLayout& layout, std::uint64_t seed, float* parameters);

} // namespace hearth::optimize
