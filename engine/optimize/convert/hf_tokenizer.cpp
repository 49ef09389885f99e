#include "engine/optimize/convert/hf_tokenizer.h"

#include <algorithm>

#include "engine/base/mapped_file.h"
#include "engine/format/gguf/gguf_writer.h"
#include "engine/optimize/convert/json_file.h"
#include "engine/text/tokenizer/special_tokens.h"

namespace hearth::optimize {

namespace {

using nlohmann::json;

/// A companion file that may be absent.
Result<json> optionalFile(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return json::object();
    HEARTH_TRY(json parsed, readJsonFile(path, "convert.json"));
    if (!parsed.is_object())
        return tl::unexpected<Error>(Error{"convert.bad_config", path.filename().string() + " is no object"}
                                         .with("file", path.filename().string())
                                         .with("key", ""));
    return parsed;
}

/// A special token as tokenizer_config.json writes it: a text, or an object with the text.
std::string specialText(const json& config, const char* key) {
    const auto it = config.find(key);
    if (it == config.end())
        return {};
    if (it->is_string())
        return it->get<std::string>();
    if (it->is_object() && it->contains("content") && (*it)["content"].is_string())
        return (*it)["content"].get<std::string>();
    return {};
}

/// An id, or the first of a list of ids.
std::optional<std::uint32_t> idIn(const json& config, const char* key, std::size_t tokens) {
    const auto it = config.find(key);
    if (it == config.end())
        return std::nullopt;
    const json& value = it->is_array() && !it->empty() ? it->front() : *it;
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= tokens)
        return std::nullopt;
    return value.get<std::uint32_t>();
}

void setToken(TokenizerTables& out, std::size_t id, const std::string& text, std::int32_t type) {
    while (out.tokens.size() <= id) {
        out.tokens.emplace_back();
        out.types.push_back(kTokenUnused);
        if (out.model == "llama")
            out.scores.push_back(-1e9F);
    }
    // Pieces of the vocabulary keep what they are unless they are special.
    const bool known = out.tokens[id] == text;
    out.tokens[id] = text;
    if (!known || type == kTokenControl)
        out.types[id] = type;
}

/// Tokens added to a SentencePiece model later: {"id": {"content", "special"}} or {"text": id}.
Result<void> addTokens(TokenizerTables& out, const json& config, const json& added, std::size_t rows) {
    const auto bad = [](const std::string& text) {
        return tl::unexpected<Error>(
            Error{"tokenizer_json.bad_added_token",
                  "the added token \"" + text.substr(0, 64) + "\" has no usable id"});
    };
    if (const auto it = config.find("added_tokens_decoder"); it != config.end() && it->is_object())
        for (const auto& [key, token] : it->items()) {
            const bool digits =
                !key.empty() && key.size() < 9 && key.find_first_not_of("0123456789") == std::string::npos;
            const std::string text = specialText({{"token", token}}, "token");
            if (!digits || text.empty() || std::stoul(key) >= rows)
                return bad(text.empty() ? key : text);
            const bool special = token.is_object() && token.value("special", json(false)) == json(true);
            setToken(out, std::stoul(key), text, special ? kTokenControl : kTokenUserDefined);
        }
    for (const auto& [text, id] : added.items()) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= rows || text.empty())
            return bad(text);
        const auto index = id.get<std::size_t>();
        if (index < out.tokens.size() && out.tokens[index] == text)
            continue;
        setToken(out, index, text, text::looksLikeMarker(text) ? kTokenControl : kTokenUserDefined);
    }
    return {};
}

std::string templateOf(const std::filesystem::path& folder, const json& config) {
    const auto path = folder / "chat_template.jinja";
    if (const auto map = MappedFile::open(path)) {
        const auto bytes = map->bytes();
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    const auto it = config.find("chat_template");
    if (it == config.end())
        return {};
    if (it->is_string())
        return it->get<std::string>();
    // Several templates by name; "default" is for chats.
    std::string first;
    if (it->is_array())
        for (const json& entry : *it) {
            const std::string text = specialText(entry.is_object() ? entry : json::object(), "template");
            if (specialText(entry.is_object() ? entry : json::object(), "name") == "default")
                return text;
            if (first.empty())
                first = text;
        }
    return first;
}

void readSpecials(TokenizerTables& out, const json& tokenizer, const json& generation, const json& model) {
    const auto choose = [&](std::optional<std::uint32_t>& id, const char* text, const char* key) {
        if (const auto named = out.find(specialText(tokenizer, text)))
            id = named;
        else if (const auto stated = idIn(generation, key, out.tokens.size()))
            id = stated;
        else if (const auto other = idIn(model, key, out.tokens.size()))
            id = other;
    };
    choose(out.bos, "bos_token", "bos_token_id");
    choose(out.eos, "eos_token", "eos_token_id");
    choose(out.padding, "pad_token", "pad_token_id");
    choose(out.unknown, "unk_token", "unk_token_id");
    const auto flag = [&](const char* key, std::optional<bool>& value) {
        if (const auto it = tokenizer.find(key); it != tokenizer.end() && it->is_boolean())
            value = it->get<bool>();
    };
    flag("add_bos_token", out.addBos);
    flag("add_eos_token", out.addEos);
    for (const auto& id : {out.bos, out.eos, out.padding})
        if (id && out.types[*id] == kTokenNormal)
            out.types[*id] = kTokenControl;
}

} // namespace

std::optional<std::uint32_t> TokenizerTables::find(std::string_view text) const {
    if (text.empty())
        return std::nullopt;
    const auto it = std::find(tokens.begin(), tokens.end(), text);
    return it == tokens.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(it - tokens.begin()));
}

void TokenizerTables::writeTo(format::GgufWriter& writer) const {
    const auto views = [](const std::vector<std::string>& texts) {
        return std::vector<std::string_view>(texts.begin(), texts.end());
    };
    writer.setString("tokenizer.ggml.model", model);
    writer.setString("tokenizer.ggml.pre", pre);
    writer.setStrings("tokenizer.ggml.tokens", views(tokens));
    if (!scores.empty())
        writer.setFloats("tokenizer.ggml.scores", scores);
    writer.setInts("tokenizer.ggml.token_type", types);
    if (!merges.empty())
        writer.setStrings("tokenizer.ggml.merges", views(merges));
    const auto id = [&](const char* key, const std::optional<std::uint32_t>& value) {
        if (value)
            writer.setUint(key, *value);
    };
    id("tokenizer.ggml.bos_token_id", bos);
    id("tokenizer.ggml.eos_token_id", eos);
    id("tokenizer.ggml.unknown_token_id", unknown);
    id("tokenizer.ggml.padding_token_id", padding);
    const auto flag = [&](const char* key, const std::optional<bool>& value) {
        if (value)
            writer.setBool(key, *value);
    };
    flag("tokenizer.ggml.add_bos_token", addBos);
    flag("tokenizer.ggml.add_eos_token", addEos);
    flag("tokenizer.ggml.add_space_prefix", addSpacePrefix);
    if (!chatTemplate.empty())
        writer.setString("tokenizer.chat_template", chatTemplate);
}

Result<TokenizerTables> readTokenizer(const std::filesystem::path& folder, std::size_t rows) {
    HEARTH_TRY(const json config, optionalFile(folder / "tokenizer_config.json"));
    HEARTH_TRY(const json generation, optionalFile(folder / "generation_config.json"));
    HEARTH_TRY(const json model, optionalFile(folder / "config.json"));
    TokenizerTables out;
    std::error_code ignored;
    const bool pieces = std::filesystem::exists(folder / "tokenizer.model", ignored);
    const auto path = folder / (pieces ? "tokenizer.model" : "tokenizer.json");
    if (!pieces && !std::filesystem::exists(path, ignored))
        return fail("convert.no_tokenizer",
                    folder.string() + " has neither tokenizer.model nor tokenizer.json");
    const auto map = MappedFile::open(path);
    // An empty file gets the name that its content deserves.
    if (!map && map.error().code != "file.empty")
        return tl::unexpected(map.error());
    const std::string_view text =
        map ? std::string_view(reinterpret_cast<const char*>(map->bytes().data()), map->bytes().size()) : "";
    if (pieces) {
        HEARTH_TRY(const json added, optionalFile(folder / "added_tokens.json"));
        HEARTH_TRY(out, parseSentencePieceModel(text));
        out.addBos = true;
        HEARTH_CHECK(addTokens(out, config, added, rows));
    } else {
        HEARTH_TRY(out, parseTokenizerJson(text));
    }
    if (out.tokens.size() > rows)
        return tl::unexpected<Error>(
            Error{"convert.vocabulary_mismatch", "the tokeniser has " + std::to_string(out.tokens.size()) +
                                                     " tokens, the embedding only " + std::to_string(rows) +
                                                     " rows"}
                .with("tokens", std::to_string(out.tokens.size()))
                .with("rows", std::to_string(rows)));
    while (out.tokens.size() < rows)
        setToken(out, out.tokens.size(), "", kTokenUnused);
    for (std::size_t i = 0; i < rows; ++i)
        if (out.tokens[i].empty()) {
            out.tokens[i] = "[PAD" + std::to_string(i) + "]";
            out.types[i] = kTokenUnused;
        }
    readSpecials(out, config, generation, model);
    out.chatTemplate = templateOf(folder, config);
    return out;
}

} // namespace hearth::optimize
