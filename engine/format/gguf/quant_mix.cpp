#include "engine/format/gguf/quant_mix.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace hearth::format {

namespace {

// Numbers of `general.file_type` as published with the GGUF specification.
constexpr std::array kMixes{
    QuantMix{"F32", DType::F32, 0},        QuantMix{"F16", DType::F16, 1},
    QuantMix{"BF16", DType::BF16, 32},     QuantMix{"Q8_0", DType::Q8_0, 7},
    QuantMix{"Q6_K", DType::Q6_K, 18},     QuantMix{"Q5_K_M", DType::Q5_K, 17},
    QuantMix{"Q5_K_S", DType::Q5_K, 16},   QuantMix{"Q5_1", DType::Q5_1, 9},
    QuantMix{"Q5_0", DType::Q5_0, 8},      QuantMix{"Q4_K_M", DType::Q4_K, 15},
    QuantMix{"Q4_K_S", DType::Q4_K, 14},   QuantMix{"Q4_1", DType::Q4_1, 3},
    QuantMix{"Q4_0", DType::Q4_0, 2},      QuantMix{"IQ4_NL", DType::IQ4_NL, 25},
    QuantMix{"IQ4_XS", DType::IQ4_XS, 30}, QuantMix{"Q3_K_M", DType::Q3_K, 12},
    QuantMix{"Q3_K_S", DType::Q3_K, 11},   QuantMix{"Q2_K", DType::Q2_K, 10},
};

std::size_t layerOf(std::string_view tensor) {
    std::size_t layer = 0;
    if (tensor.starts_with("blk."))
        std::from_chars(tensor.data() + 4, tensor.data() + tensor.size(), layer);
    return layer;
}

/// The layers that profit most: the first and last eighth, and every third between.
bool favoured(std::size_t layer, std::size_t layers) {
    const std::size_t eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
}

DType ruleOf(const QuantMix& mix, const QuantTarget& t) {
    const auto is = [&](std::string_view part) { return t.tensor.find(part) != std::string_view::npos; };
    const bool isFloat = mix.base == DType::F32 || mix.base == DType::F16 || mix.base == DType::BF16;
    if (isFloat || mix.base == DType::Q8_0)
        return mix.base;
    if (t.tensor == "output.weight" || (t.tiedEmbeddings && t.tensor == "token_embd.weight"))
        return DType::Q6_K;
    const bool value = is("attn_v."), down = is("ffn_down");
    if (t.experts >= 8 && (value || is("attn_k.")))
        return DType::Q8_0;
    const std::size_t layer = layerOf(t.tensor);
    if (mix.name == "Q4_K_M" || mix.name == "Q5_K_M")
        return (value || down) && favoured(layer, t.layers) ? DType::Q6_K : mix.base;
    if (mix.name == "Q4_K_S")
        return (value && layer < 4) || (down && layer < t.layers / 8) ? DType::Q5_K : mix.base;
    if (mix.name == "Q3_K_M") {
        if (value)
            return layer < 2 ? DType::Q5_K : DType::Q4_K;
        if (down)
            return layer < t.layers / 16 ? DType::Q5_K : DType::Q4_K;
        return is("attn_output") ? DType::Q4_K : mix.base;
    }
    if (mix.name == "Q2_K") {
        if (value)
            return t.headsPerKvHead >= 4 ? DType::Q4_K : DType::Q3_K;
        return down || is("attn_output") ? DType::Q3_K : mix.base;
    }
    return mix.base;
}

} // namespace

std::span<const QuantMix> quantMixes() {
    return kMixes;
}

const QuantMix* findMix(std::string_view name) {
    const auto equal = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    const auto it = std::find_if(kMixes.begin(), kMixes.end(), [&](const QuantMix& mix) {
        return std::equal(mix.name.begin(), mix.name.end(), name.begin(), name.end(), equal);
    });
    return it == kMixes.end() ? nullptr : &*it;
}

const QuantMix* findMixByFileType(std::uint64_t fileType) {
    const auto it = std::find_if(kMixes.begin(), kMixes.end(),
                                 [&](const QuantMix& mix) { return mix.fileType == fileType; });
    return it == kMixes.end() ? nullptr : &*it;
}

DType fittingType(DType type, std::uint64_t rowElements) {
    if (rowElements % traitsOf(type).blockSize == 0)
        return type;
    if (rowElements % 32 != 0)
        return DType::F16;
    switch (type) {
    case DType::Q4_K:
        return DType::Q5_0;
    case DType::Q5_K:
        return DType::Q5_1;
    case DType::Q6_K:
        return DType::Q8_0;
    default:
        return DType::IQ4_NL;
    }
}

DType mixType(const QuantMix& mix, const QuantTarget& target) {
    // Norms and biases are small and matter; routers decide which expert runs.
    if (target.dimensions < 2 || target.tensor.find("ffn_gate_inp") != std::string_view::npos)
        return DType::F32;
    return fittingType(ruleOf(mix, target), target.rowElements);
}

} // namespace hearth::format
