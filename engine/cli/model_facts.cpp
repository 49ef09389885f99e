#include "engine/cli/model_facts.h"

#include <array>
#include <cstdio>

#include "engine/format/gguf/gguf_file.h"
#include "engine/model/config.h"
#include "engine/model/model.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::cli {

std::optional<Error> refusalOf(const format::GgufFile& file) {
    const auto config = model::ModelConfig::fromGguf(file);
    if (!config)
        return config.error();
    if (const auto checked = model::Model::check(*config, file); !checked)
        return checked.error();
    if (const auto tokenizer = text::Tokenizer::fromGguf(file); !tokenizer)
        return tokenizer.error();
    return std::nullopt;
}

std::uint64_t vocabularySize(const format::GgufFile& file) {
    const auto* tokens = file.getArray("tokenizer.ggml.tokens");
    return tokens ? std::visit([](const auto& values) -> std::uint64_t { return values.size(); }, *tokens)
                  : 0;
}

std::string countText(std::uint64_t count) {
    constexpr std::array kUnits{"", " K", " M", " B", " T"};
    if (count < 1000)
        return std::to_string(count);
    double value = static_cast<double>(count);
    std::size_t unit = 0;
    for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit)
        value /= 1000;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f%s", value, kUnits[unit]);
    return text.data();
}

} // namespace hearth::cli
