#include <algorithm>
#include <array>

#include "engine/format/gguf/gguf_file.h"
#include "engine/model/blocks/tensor_binder.h"

namespace hearth::model {

namespace {

template <class Shape>
std::string shapeText(const Shape& shape) {
    std::string text = "[";
    for (const auto size : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    return text + "]";
}

} // namespace

bool TensorCheck::has(const std::string& name) const {
    return m_file.findTensor(name) != nullptr;
}

Result<void> TensorCheck::expect(const std::string& name, std::span<const std::size_t> shape) {
    const format::GgufTensor* tensor = m_file.findTensor(name);
    if (!tensor)
        return tl::unexpected<Error>(
            Error{"model.missing_tensor", "the model file has no tensor " + name}.with("tensor", name));
    // Writers may leave out trailing dimensions of one.
    std::vector<std::uint64_t> stored = tensor->shape;
    while (stored.size() > shape.size() && stored.back() == 1)
        stored.pop_back();
    while (stored.size() < shape.size())
        stored.push_back(1);
    if (!std::equal(stored.begin(), stored.end(), shape.begin(), shape.end()))
        return tl::unexpected<Error>(Error{"model.bad_shape",
                                           "tensor " + name + " has the shape " + shapeText(tensor->shape) +
                                               ", expected " + shapeText(shape),
                                           tensor->offset}
                                         .with("tensor", name)
                                         .with("shape", shapeText(tensor->shape))
                                         .with("expected", shapeText(shape)));
    const DTypeTraits& traits = traitsOf(tensor->type);
    if (!traits.computable)
        return tl::unexpected<Error>(Error{"model.unsupported_type",
                                           "this engine cannot compute with the type " +
                                               std::string(traits.name) + " of tensor " + name,
                                           tensor->offset}
                                         .with("tensor", name)
                                         .with("type", std::string(traits.name)));
    if (shape[0] % traits.blockSize != 0)
        return tl::unexpected<Error>(Error{"model.bad_shape",
                                           "rows of tensor " + name + " are no whole number of " +
                                               std::string(traits.name) + " blocks",
                                           tensor->offset}
                                         .with("tensor", name)
                                         .with("shape", shapeText(tensor->shape)));
    if (m_seen.insert(name).second)
        m_bytes += tensor->bytes;
    return {};
}

Result<void> TensorCheck::matrix(kernels::Weights&, const std::string& name, std::size_t rows,
                                 std::size_t cols) {
    return expect(name, std::array{cols, rows});
}

Result<void> TensorCheck::part(kernels::Weights&, const std::string& name, std::size_t allRows,
                               std::size_t cols, std::size_t, std::size_t) {
    return expect(name, std::array{cols, allRows});
}

Result<void> TensorCheck::stack(std::vector<kernels::Weights>&, const std::string& name, std::size_t count,
                                std::size_t rows, std::size_t cols) {
    return expect(name, std::array{cols, rows, count});
}

Result<void> TensorCheck::vector(std::vector<float>&, const std::string& name, std::size_t count,
                                 Presence presence) {
    if (presence == Presence::Optional && !has(name))
        return {};
    return expect(name, std::array{count});
}

} // namespace hearth::model
