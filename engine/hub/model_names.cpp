#include "engine/hub/model_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include "engine/format/gguf/gguf_split.h"

namespace hearth::hub {

namespace {

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

bool isWordCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Longer names first, so that Q4_K_M is not taken for Q4_K.
constexpr std::array<std::string_view, 44> kTypes{
    "IQ2_XXS", "IQ3_XXS", "Q2_K_XL", "Q3_K_XL", "Q4_K_XL", "Q5_K_XL", "Q6_K_XL", "Q8_K_XL", "IQ1_S",
    "IQ1_M",   "IQ2_XS",  "IQ2_S",   "IQ2_M",   "IQ3_XS",  "IQ3_S",   "IQ3_M",   "IQ4_NL",  "IQ4_XS",
    "Q2_K_S",  "Q2_K_L",  "Q3_K_S",  "Q3_K_M",  "Q3_K_L",  "Q4_K_S",  "Q4_K_M",  "Q4_K_L",  "Q5_K_S",
    "Q5_K_M",  "Q5_K_L",  "Q6_K_L",  "Q2_K",    "Q3_K",    "Q4_K",    "Q5_K",    "Q6_K",    "Q4_0",
    "Q4_1",    "Q5_0",    "Q5_1",    "Q8_0",    "MXFP4",   "BF16",    "F16",     "F32"};

constexpr std::array<std::string_view, 14> kFamilies{"llama", "qwen",     "gemma",    "mistral", "mixtral",
                                                     "phi",   "deepseek", "granite",  "smollm",  "glm",
                                                     "yi",    "falcon",   "internlm", "gpt"};

} // namespace

std::string quantisationOf(std::string_view file) {
    const auto slash = file.rfind('/');
    const std::string name = upper(slash == std::string_view::npos ? file : file.substr(slash + 1));
    for (const auto type : kTypes) {
        for (auto at = name.rfind(type); at != std::string::npos && at > 0; at = name.rfind(type, at - 1)) {
            const char before = name[at - 1];
            const auto end = at + type.size();
            if ((before == '-' || before == '.' || before == '_') &&
                (end == name.size() || !isWordCharacter(name[end])))
                return std::string(type);
        }
    }
    // A folder may say it for all its files.
    return slash == std::string_view::npos ? std::string()
                                           : quantisationOf("-" + std::string(file.substr(0, slash)));
}

std::optional<double> parametersOf(std::string_view repository) {
    const auto slash = repository.rfind('/');
    const std::string name =
        upper(slash == std::string_view::npos ? repository : repository.substr(slash + 1));
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool starts =
            std::isdigit(static_cast<unsigned char>(name[i])) &&
            (i == 0 || (!std::isalnum(static_cast<unsigned char>(name[i - 1])) && name[i - 1] != '.'));
        if (!starts)
            continue;
        char* end = nullptr;
        double number = std::strtod(name.c_str() + i, &end);
        if (*end == 'X' && std::isdigit(static_cast<unsigned char>(end[1])))
            number *= std::strtod(end + 1, &end);
        const double unit = *end == 'B' ? 1e9 : *end == 'M' ? 1e6 : 0;
        if (unit > 0 && !std::isalnum(static_cast<unsigned char>(end[1])) && number > 0 && number < 1e5)
            return number * unit;
        i = static_cast<std::size_t>(
            std::max<std::ptrdiff_t>(end - name.c_str() - 1, static_cast<std::ptrdiff_t>(i)));
    }
    return std::nullopt;
}

std::string familyOf(std::string_view repository) {
    const auto slash = repository.rfind('/');
    std::string name = upper(slash == std::string_view::npos ? repository : repository.substr(slash + 1));
    std::string best;
    std::size_t at = std::string::npos;
    for (const auto family : kFamilies)
        if (const auto found = name.find(upper(family)); found < at) {
            // "yi" or "phi" inside of a word is not a family.
            const bool startsWord = found == 0 || !std::isalnum(static_cast<unsigned char>(name[found - 1]));
            if (family.size() > 3 || startsWord) {
                at = found;
                best = family;
            }
        }
    return best;
}

bool isGguf(std::string_view file) {
    return file.size() > 5 && upper(file.substr(file.size() - 5)) == ".GGUF";
}

std::optional<PartName> partOf(std::string_view file) {
    const auto split = format::parseSplitName(std::filesystem::path(file));
    return split ? std::optional(PartName{split->prefix, split->number, split->count}) : std::nullopt;
}

bool opensModel(std::string_view file) {
    const auto part = partOf(file);
    return isGguf(file) && file.find("mmproj") == std::string_view::npos && (!part || part->part == 1);
}

} // namespace hearth::hub
