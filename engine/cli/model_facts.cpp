#include "engine/cli/model_facts.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/model/config.h"
#include "engine/model/model.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::cli {

namespace {

std::string quantisationOf(const format::GgufFile& file) {
    if (const auto number = file.getUint("general.file_type"))
        if (const auto* mix = format::findMixByFileType(*number))
            return std::string(mix->name);
    std::map<DType, std::uint64_t> bytes;
    for (const auto& tensor : file.tensors())
        bytes[tensor.type] += tensor.bytes;
    const auto most = std::max_element(bytes.begin(), bytes.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == bytes.end() ? "none" : std::string(traitsOf(most->first).name);
}

/// The checks that loading makes before it touches a weight.
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

} // namespace

ModelFacts modelFacts(const format::GgufFile& file) {
    ModelFacts facts;
    facts.architecture = file.getString("general.architecture").value_or("unknown");
    facts.name =
        file.getString("general.name").value_or(file.paths().empty() ? "" : file.paths()[0].stem().string());
    facts.quantisation = quantisationOf(file);
    for (const auto& tensor : file.tensors())
        facts.parameters += tensor.elements;
    facts.trainedContext = file.getUint(facts.architecture + ".context_length").value_or(0);
    if (const auto* tokens = file.getArray("tokenizer.ggml.tokens"))
        facts.vocabulary = std::visit([](const auto& values) { return values.size(); }, *tokens);
    facts.refusal = refusalOf(file);
    return facts;
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
