#include "engine/workbench/library/model_details.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::workbench {

namespace {

constexpr std::size_t kShownText = 400; ///< bytes of a text value
constexpr std::size_t kShownItems = 8;

std::string cut(std::string_view text) {
    if (text.size() <= kShownText)
        return std::string(text);
    std::size_t end = kShownText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end; // not inside of a character
    return std::string(text.substr(0, end)) + "…";
}

std::string number(double value) {
    std::string text = std::to_string(value);
    while (text.size() > 1 && text.back() == '0')
        text.pop_back();
    if (text.back() == '.')
        text.pop_back();
    return text == "0" && value != 0 ? std::to_string(value * 1e6) + "e-6" : text;
}

struct Write {
    std::string operator()(std::uint64_t v) const { return std::to_string(v); }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return number(v); }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::string_view v) const { return cut(v); }
    std::string operator()(const format::GgufArray& array) const {
        return std::visit(
            [this](const auto& items) {
                std::string out = "[" + std::to_string(items.size()) + "] ";
                for (std::size_t i = 0; i < std::min(items.size(), kShownItems); ++i)
                    out.append(i ? ", " : "").append((*this)(items[i]));
                return cut(out) + (items.size() > kShownItems ? ", …" : "");
            },
            array);
    }
};

std::string groupName(std::string_view name) {
    std::string out;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t dot = std::min(name.find('.', begin), name.size());
        const auto part = name.substr(begin, dot - begin);
        const bool digits = !part.empty() && std::all_of(part.begin(), part.end(), [](unsigned char c) {
            return std::isdigit(c) != 0;
        });
        out.append(out.empty() ? "" : ".").append(digits ? "*" : part);
        begin = dot + 1;
    }
    return out;
}

std::vector<TensorGroup> groupsOf(const std::vector<TensorFacts>& tensors) {
    struct Sum {
        std::uint64_t bytes = 0, elements = 0;
        std::size_t count = 0;
        std::map<DType, std::uint64_t> types;
    };
    std::map<std::string, Sum> sums;
    for (const auto& tensor : tensors) {
        Sum& sum = sums[groupName(tensor.name)];
        std::uint64_t elements = 1;
        for (const auto extent : tensor.shape)
            elements *= extent;
        sum.bytes += tensor.bytes;
        sum.elements += elements;
        ++sum.count;
        sum.types[tensor.type] += tensor.bytes;
    }
    std::vector<TensorGroup> out;
    for (const auto& [name, sum] : sums) {
        const auto most = std::max_element(sum.types.begin(), sum.types.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        out.push_back({name, most->first, sum.types.size() > 1, sum.bytes, sum.elements, sum.count});
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    return out;
}

} // namespace

std::string tensorPart(const std::string& name) {
    std::string out = groupName(name);
    if (out.starts_with("blk.*."))
        out = out.substr(6);
    for (const char* end : {".weight", ".bias"})
        if (out.ends_with(end))
            out.resize(out.size() - std::string_view(end).size());
    return out;
}

Result<ModelDetails> readModelDetails(const std::filesystem::path& path) {
    HEARTH_TRY(const auto file, format::GgufFile::open(path));
    ModelDetails out;
    for (const auto& [key, value] : file.metadata())
        out.metadata.emplace_back(key, std::visit(Write{}, value));
    for (const auto& tensor : file.tensors()) {
        out.tensors.push_back({std::string(tensor.name), tensor.shape, tensor.type, tensor.bytes});
        out.tensorBytes += tensor.bytes;
    }
    out.groups = groupsOf(out.tensors);
    out.chatTemplate = file.getString("tokenizer.chat_template").value_or("");
    if (const auto tokenizer = text::Tokenizer::fromGguf(file)) {
        const auto& specials = (*tokenizer)->specials();
        if (specials.bos)
            out.bos = (*tokenizer)->tokenText(*specials.bos);
        if (specials.eos)
            out.eos = (*tokenizer)->tokenText(*specials.eos);
    }
    return out;
}

} // namespace hearth::workbench
