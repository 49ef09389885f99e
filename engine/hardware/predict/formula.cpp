#include "engine/hardware/predict/formula.h"

namespace hearth::hardware {

namespace {

struct Sentence {
    std::string_view code, text; ///< {name} stands for an argument
};
constexpr Sentence kSentences[]{
    {"weights_bits", "{parameters} parameters × {bits} bits ÷ 8"},
    {"kv_layers", "{layers} layers × {heads} heads × {cell} bytes × {positions} positions"},
    {"kv_windowed", "{layers} layers × {heads} heads × {cell} bytes × {positions} positions + "
                    "{windowed_layers} layers × {heads} heads × {cell} bytes × {windowed_positions} "
                    "positions"},
    {"buffers", "{rows} rows of a step, rotary tables of {positions} positions, logits of {tokens} tokens"},
    {"scratch", "quantised inputs, and work space of {threads} threads"},
    {"tokens_bytes", "{tokens} tokens × {bytes} bytes"},
    {"stream", "{gigabytes} GB at {rate} GB/s"},
    {"cells_bytes", "{cells} cells of {bytes} bytes"},
    {"forks", "{count} × {micros} µs"},
    {"elements", "{count} elements"},
    {"tokens_time", "{tokens} tokens × {millis} ms"},
    {"cells_products", "{cells} cells × {products} products"},
    {"last_logits", "logits of the last token"},
};

} // namespace

std::string formulaText(std::string_view code, const std::vector<std::pair<std::string, std::string>>& args) {
    std::string text(code);
    for (const Sentence& one : kSentences)
        if (one.code == code)
            text = one.text;
    for (const auto& [name, value] : args) {
        const std::string place = "{" + name + "}";
        for (std::size_t at = 0; (at = text.find(place, at)) != std::string::npos; at += value.size())
            text.replace(at, place.size(), value);
    }
    return text;
}

Term makeTerm(std::string name, std::string code, std::vector<std::pair<std::string, std::string>> args,
              double amount) {
    Term term{std::move(name), formulaText(code, args), amount, std::move(code), {}};
    term.args = std::move(args);
    return term;
}

} // namespace hearth::hardware
