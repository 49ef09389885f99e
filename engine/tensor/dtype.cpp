#include "engine/tensor/dtype.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/base/checked.h"

namespace hearth {

namespace {

constexpr std::array kTypes{
    DTypeTraits{DType::F32, "F32", 1, 4, true},
    DTypeTraits{DType::F16, "F16", 1, 2, true},
    DTypeTraits{DType::BF16, "BF16", 1, 2, true},
    DTypeTraits{DType::Q8_0, "Q8_0", 32, 34, true},
    DTypeTraits{DType::Q6_K, "Q6_K", 256, 210, true},
    DTypeTraits{DType::Q5_K, "Q5_K", 256, 176, true},
    DTypeTraits{DType::Q5_1, "Q5_1", 32, 24, true},
    DTypeTraits{DType::Q5_0, "Q5_0", 32, 22, true},
    DTypeTraits{DType::Q4_K, "Q4_K", 256, 144, true},
    DTypeTraits{DType::Q4_1, "Q4_1", 32, 20, true},
    DTypeTraits{DType::Q4_0, "Q4_0", 32, 18, true},
    DTypeTraits{DType::IQ4_NL, "IQ4_NL", 32, 18, true},
    DTypeTraits{DType::IQ4_XS, "IQ4_XS", 256, 136, true},
    DTypeTraits{DType::Q3_K, "Q3_K", 256, 110, true},
    DTypeTraits{DType::Q2_K, "Q2_K", 256, 84, true},
    DTypeTraits{DType::MXFP4, "MXFP4", 32, 17, false},
    DTypeTraits{DType::I8, "I8", 1, 1, false},
    DTypeTraits{DType::I16, "I16", 1, 2, false},
    DTypeTraits{DType::I32, "I32", 1, 4, false},
    DTypeTraits{DType::I64, "I64", 1, 8, false},
    DTypeTraits{DType::F64, "F64", 1, 8, false},
};

bool equalIgnoringCase(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

} // namespace

const DTypeTraits* findTraits(std::uint32_t ggufId) {
    const auto it = std::find_if(kTypes.begin(), kTypes.end(), [&](const DTypeTraits& t) {
        return static_cast<std::uint32_t>(t.type) == ggufId;
    });
    return it == kTypes.end() ? nullptr : &*it;
}

const DTypeTraits& traitsOf(DType type) {
    return *findTraits(static_cast<std::uint32_t>(type));
}

std::optional<DType> dtypeFromName(std::string_view name) {
    const auto it = std::find_if(kTypes.begin(), kTypes.end(),
                                 [&](const DTypeTraits& t) { return equalIgnoringCase(t.name, name); });
    return it == kTypes.end() ? std::nullopt : std::optional(it->type);
}

std::optional<std::uint64_t> bytesFor(DType type, std::uint64_t elements) {
    const DTypeTraits& traits = traitsOf(type);
    if (elements % traits.blockSize != 0)
        return std::nullopt;
    return checkedMul<std::uint64_t>(elements / traits.blockSize, traits.blockBytes);
}

} // namespace hearth
