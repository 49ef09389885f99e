#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/optimize/train/transformer.h"
#include "engine/text/chat_template/chat_template.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::optimize {

/// One training example as text: a conversation, or plain text when `turns` is empty.
struct Example {
    struct Turn {
        std::string role, content;
    };
    std::vector<Turn> turns;
    std::string text;
    bool validation = false;      ///< kept out of training
    std::size_t answerTokens = 0; ///< learnt of the last answer, the rest is cut off; 0 = all
};

/// A line that was left out, and why.
struct BadLine {
    std::size_t line; ///< from 1
    std::string reason;
};

struct ReadExamples {
    std::vector<Example> examples;
    std::vector<BadLine> badLines;
};

/// Chat JSONL in OpenAI's form: {"messages": [{"role": …, "content": …}, …]} a line, with an optional
/// "split": "validation". Bad lines are reported, not fatal. Errors: dataset.unreadable, dataset.empty (no
/// good line), dataset.too_many_bad (more than half).
[[nodiscard]] Result<ReadExamples> readChatJsonl(const std::filesystem::path& path);
/// Plain UTF-8 text; blank lines part the documents. Errors: dataset.unreadable, dataset.empty,
/// dataset.encoding.
[[nodiscard]] Result<ReadExamples> readPlainText(const std::filesystem::path& path);

/// Token ids with the loss positions marked.
struct TokenisedExample {
    std::vector<std::int32_t> tokens;
    std::vector<bool> answer; ///< token i belongs to an answer (plain text: every token)
};

/// Renders each conversation with the template and marks the assistant's tokens, end of turn included.
/// Examples longer than `maxTokens` are cut at the end. Errors: template.*, tokenizer.*.
[[nodiscard]] Result<std::vector<TokenisedExample>> tokenise(std::span<const Example> examples,
                                                             const text::Tokenizer& tokenizer,
                                                             const text::ChatTemplate& chatTemplate,
                                                             std::size_t maxTokens);

/// Packs the examples of one epoch, in an order that depends only on (seed, epoch), into batches of at most
/// `batchTokens` tokens. The next-token targets stay inside their example.
class Packer {
public:
    Packer(std::span<const TokenisedExample> examples, std::size_t batchTokens, std::uint64_t seed);
    /// The batch of a global index: its epoch and place follow from it alone, so that a resumed run continues
    /// identically. Confined to one thread.
    [[nodiscard]] const Batch& batch(std::uint64_t index);
    /// Batches of an epoch (of epoch 0; later ones may differ by a few).
    [[nodiscard]] std::uint64_t batchesPerEpoch();

private:
    void pack(std::uint64_t epoch);
    std::span<const TokenisedExample> m_examples;
    std::size_t m_batchTokens;
    std::uint64_t m_seed;
    std::vector<std::uint64_t> m_firstBatch{0}; ///< global index of every epoch's first batch
    std::uint64_t m_packedEpoch = ~std::uint64_t{0};
    std::vector<Batch> m_batches;
};

} // namespace hearth::optimize
