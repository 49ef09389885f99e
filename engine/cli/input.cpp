#include "engine/cli/input.h"

#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "engine/base/mapped_file.h"

namespace hearth::cli {

Result<std::string> readInput(const std::filesystem::path& path) {
    if (path == "-")
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    auto file = MappedFile::open(path);
    if (!file) {
        if (file.error().code == "file.empty") // an empty text is a text
            return std::string();
        return tl::unexpected<Error>(std::move(file).error());
    }
    const auto bytes = file->bytes();
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Result<nlohmann::ordered_json> readJson(const std::filesystem::path& path) {
    HEARTH_TRY(const std::string text, readInput(path));
    try {
        return nlohmann::ordered_json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        return tl::unexpected<Error>(
            Error{"input.bad_json", path.string() + " is not valid JSON: " + error.what(), error.byte}.with(
                "path", path.string()));
    }
}

Result<std::vector<text::TokenId>> parseTokens(std::string_view list) {
    std::vector<text::TokenId> tokens;
    const auto isSeparator = [](char c) {
        return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
    };
    for (std::size_t i = 0; i < list.size();) {
        if (isSeparator(list[i])) {
            ++i;
            continue;
        }
        text::TokenId id = 0;
        const auto [end, error] = std::from_chars(list.data() + i, list.data() + list.size(), id);
        const bool atBorder = end == list.data() + list.size() || isSeparator(*end);
        if (error != std::errc() || !atBorder)
            return fail("usage.bad_tokens", "the list of tokens is not made of numbers, as in 1,2,3", i);
        tokens.push_back(id);
        i = static_cast<std::size_t>(end - list.data());
    }
    if (tokens.empty())
        return fail("usage.bad_tokens", "the list of tokens is empty; write it as 1,2,3");
    return tokens;
}

Result<void> checkTokens(std::span<const text::TokenId> tokens, std::size_t vocabulary) {
    for (const auto id : tokens)
        if (id < 0 || static_cast<std::size_t>(id) >= vocabulary)
            return fail("usage.bad_tokens", "token " + std::to_string(id) +
                                                " is not in the vocabulary (0 to " +
                                                std::to_string(vocabulary - 1) + ")");
    return {};
}

std::string printable(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        const bool c1 = byte == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
        if (c1) { // U+0080…U+009F: some terminals take them for escape sequences
            out += "\xEF\xBF\xBD";
            ++i;
        } else if (byte == 0x7F) {
            out += "\xE2\x90\xA1"; // U+2421
        } else if (byte < 0x20 && byte != '\n' && byte != '\t') {
            out += "\xE2\x90"; // U+2400 + byte
            out += static_cast<char>(0x80 + byte);
        } else {
            out += utf8[i];
        }
    }
    return out;
}

std::string oneLine(std::string_view utf8) {
    std::string out;
    for (const char c : printable(utf8)) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else
            out += c;
    }
    return out;
}

} // namespace hearth::cli
