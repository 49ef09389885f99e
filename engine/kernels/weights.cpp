#include "engine/kernels/weights.h"

namespace hearth::kernels {

Weights::Weights() = default;
Weights::Weights(Weights&&) noexcept = default;
Weights& Weights::operator=(Weights&&) noexcept = default;
Weights::~Weights() = default;

std::size_t Weights::rows() const {
    return impl ? impl->rows : 0;
}

std::size_t Weights::cols() const {
    return impl ? impl->cols : 0;
}

DType Weights::type() const {
    return impl ? impl->type : DType::F32;
}

std::size_t Weights::bytes() const {
    return impl ? impl->panelBytes * impl->panelCount : 0;
}

bool Weights::ownsData() const {
    return impl && impl->packed;
}

} // namespace hearth::kernels
