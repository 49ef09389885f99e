#include "engine/optimize/train/dataset.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <numeric>

#include <nlohmann/json.hpp>
#include <utf8proc.h>

#include "engine/optimize/train/random.h"

namespace hearth::optimize {

using nlohmann::ordered_json;

namespace {

Result<std::string> readFile(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail("dataset.unreadable", "cannot read " + path.string());
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.starts_with("\xEF\xBB\xBF"))
        text.erase(0, 3);
    return text;
}

bool isUtf8(std::string_view text) {
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t point = 0;
        const utf8proc_ssize_t used = utf8proc_iterate(bytes, left, &point);
        if (used < 0)
            return false;
        bytes += used;
        left -= used;
    }
    return true;
}

/// The example on a line, or the reason why there is none.
tl::expected<Example, std::string> parseChatLine(const std::string& line) {
    if (!isUtf8(line))
        return tl::unexpected<std::string>("not valid UTF-8");
    const ordered_json json = ordered_json::parse(line, nullptr, false);
    if (json.is_discarded())
        return tl::unexpected<std::string>("not valid JSON");
    if (!json.is_object() || !json.contains("messages") || !json["messages"].is_array() ||
        json["messages"].empty())
        return tl::unexpected<std::string>("no array \"messages\"");
    Example example;
    bool answered = false;
    for (const auto& message : json["messages"]) {
        if (!message.is_object() || !message.contains("role") || !message["role"].is_string() ||
            !message.contains("content") || !message["content"].is_string())
            return tl::unexpected<std::string>("a message without string \"role\" and \"content\"");
        example.turns.push_back({message["role"].get<std::string>(), message["content"].get<std::string>()});
        const auto& role = example.turns.back().role;
        if (role != "system" && role != "user" && role != "assistant" && role != "tool")
            return tl::unexpected<std::string>("unknown role \"" + role + "\"");
        answered |= role == "assistant";
    }
    if (!answered)
        return tl::unexpected<std::string>("no assistant message to learn from");
    example.validation = json.value("split", std::string()) == "validation";
    return example;
}

ordered_json toJson(std::span<const Example::Turn> turns) {
    ordered_json out = ordered_json::array();
    for (const auto& turn : turns)
        out.push_back({{"role", turn.role}, {"content", turn.content}});
    return out;
}

Result<std::string> renderTurns(const text::ChatTemplate& chatTemplate, std::span<const Example::Turn> turns,
                                bool generationPrompt) {
    const ordered_json messages = toJson(turns);
    text::TemplateInput input;
    input.messages = &messages;
    input.addGenerationPrompt = generationPrompt;
    return chatTemplate.render(input);
}

/// The part of the rendering that each assistant turn adds is learnt, from after the generation prompt on.
Result<TokenisedExample> tokeniseChat(const Example& example, const text::Tokenizer& tokenizer,
                                      const text::ChatTemplate& chatTemplate) {
    TokenisedExample out;
    if (tokenizer.specials().addBos && tokenizer.specials().bos) {
        out.tokens.push_back(*tokenizer.specials().bos);
        out.answer.push_back(false);
    }
    std::string before;
    const auto append = [&](std::string_view text, bool answer, std::size_t limit = 0) -> Result<void> {
        HEARTH_TRY(auto ids, tokenizer.encode(text, text::Tokenizer::Specials::Parse));
        if (limit > 0 && ids.size() > limit)
            ids.resize(limit);
        out.tokens.insert(out.tokens.end(), ids.begin(), ids.end());
        out.answer.insert(out.answer.end(), ids.size(), answer);
        return {};
    };
    for (std::size_t i = 0; i < example.turns.size(); ++i) {
        if (example.turns[i].role != "assistant")
            continue;
        const auto turns = std::span(example.turns);
        HEARTH_TRY(const std::string prompt, renderTurns(chatTemplate, turns.first(i), true));
        HEARTH_TRY(const std::string whole, renderTurns(chatTemplate, turns.first(i + 1), false));
        if (!prompt.starts_with(before) || !whole.starts_with(prompt))
            return fail("dataset.template_mismatch",
                        "the chat template changes earlier turns, so that answers cannot be told apart");
        HEARTH_CHECK(append(std::string_view(prompt).substr(before.size()), false));
        const bool last = i + 1 == example.turns.size();
        HEARTH_CHECK(
            append(std::string_view(whole).substr(prompt.size()), true, last ? example.answerTokens : 0));
        before = whole;
    }
    return out;
}

} // namespace

Result<ReadExamples> readChatJsonl(const std::filesystem::path& path) {
    HEARTH_TRY(const std::string text, readFile(path));
    ReadExamples out;
    std::size_t line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string content = text.substr(begin, end - begin);
        begin = end + 1;
        ++line;
        if (content.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        if (auto example = parseChatLine(content))
            out.examples.push_back(std::move(*example));
        else
            out.badLines.push_back({line, example.error()});
    }
    if (out.examples.empty())
        return fail("dataset.empty",
                    path.string() + " holds no usable example" +
                        (out.badLines.empty() ? std::string()
                                              : "; line " + std::to_string(out.badLines[0].line) + ": " +
                                                    out.badLines[0].reason));
    if (out.badLines.size() > out.examples.size())
        return fail("dataset.too_many_bad",
                    path.string() + ": " + std::to_string(out.badLines.size()) + " of " +
                        std::to_string(out.badLines.size() + out.examples.size()) +
                        " lines are unusable; line " + std::to_string(out.badLines[0].line) + ": " +
                        out.badLines[0].reason);
    return out;
}

Result<ReadExamples> readPlainText(const std::filesystem::path& path) {
    HEARTH_TRY(const std::string text, readFile(path));
    if (!isUtf8(text))
        return fail("dataset.encoding", path.string() + " is not UTF-8 text");
    ReadExamples out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find("\n\n", begin), text.size());
        const std::string document = text.substr(begin, end - begin);
        begin = end + 2;
        if (document.find_first_not_of(" \t\r\n") != std::string::npos)
            out.examples.push_back({{}, document, false, 0});
    }
    if (out.examples.empty())
        return fail("dataset.empty", path.string() + " holds no text");
    return out;
}

Result<std::vector<TokenisedExample>> tokenise(std::span<const Example> examples,
                                               const text::Tokenizer& tokenizer,
                                               const text::ChatTemplate& chatTemplate,
                                               std::size_t maxTokens) {
    std::vector<TokenisedExample> out;
    out.reserve(examples.size());
    for (const Example& example : examples) {
        TokenisedExample tokens;
        if (example.turns.empty()) {
            HEARTH_TRY(tokens.tokens, tokenizer.encode(example.text, text::Tokenizer::Specials::Plain));
            if (tokenizer.specials().eos)
                tokens.tokens.push_back(*tokenizer.specials().eos);
            tokens.answer.assign(tokens.tokens.size(), true);
        } else {
            HEARTH_TRY(tokens, tokeniseChat(example, tokenizer, chatTemplate));
        }
        if (tokens.tokens.size() > maxTokens) {
            tokens.tokens.resize(maxTokens);
            tokens.answer.resize(maxTokens);
        }
        if (tokens.tokens.size() >= 2)
            out.push_back(std::move(tokens));
    }
    return out;
}

Packer::Packer(std::span<const TokenisedExample> examples, std::size_t batchTokens, std::uint64_t seed)
    : m_examples(examples), m_batchTokens(batchTokens), m_seed(seed) {}

void Packer::pack(std::uint64_t epoch) {
    std::vector<std::size_t> order(m_examples.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random random(m_seed ^ (epoch + 1) * 0xD1342543DE82EF95ULL);
    random.shuffle(order);
    m_batches.clear();
    m_packedEpoch = epoch;
    for (const std::size_t index : order) {
        const TokenisedExample& example = m_examples[index];
        const std::size_t n = example.tokens.size() - 1; // the last token is only a target
        if (m_batches.empty() || m_batches.back().tokens.size() + n > m_batchTokens)
            m_batches.emplace_back();
        Batch& batch = m_batches.back();
        batch.sequenceStarts.push_back(batch.tokens.size());
        for (std::size_t i = 0; i < n; ++i) {
            batch.tokens.push_back(example.tokens[i]);
            batch.targets.push_back(example.answer[i + 1] ? example.tokens[i + 1] : -1);
        }
    }
    if (m_firstBatch.size() == epoch + 1)
        m_firstBatch.push_back(m_firstBatch.back() + m_batches.size());
}

const Batch& Packer::batch(std::uint64_t index) {
    while (m_firstBatch.back() <= index)
        pack(m_firstBatch.size() - 1);
    const auto it = std::upper_bound(m_firstBatch.begin(), m_firstBatch.end(), index) - 1;
    const auto epoch = static_cast<std::uint64_t>(it - m_firstBatch.begin());
    if (epoch != m_packedEpoch)
        pack(epoch);
    return m_batches[index - *it];
}

std::uint64_t Packer::batchesPerEpoch() {
    if (m_firstBatch.size() < 2)
        pack(0);
    return m_firstBatch[1];
}

} // namespace hearth::optimize
