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
    if (!impl)
        return 0;
    // The last panel in file layout may be short.
    return impl->packed ? impl->panelBytes * impl->panelCount
                        : impl->panelBytes / impl->kernel->panelRows * impl->rows;
}

const Weights::Origin& Weights::origin() const {
    static const Origin kUnknown;
    return impl ? impl->origin : kUnknown;
}

void Weights::setOrigin(Origin origin) {
    impl->origin = std::move(origin);
}

bool Weights::ownsData() const {
    return impl && static_cast<bool>(impl->packed);
}

} // namespace hearth::kernels
