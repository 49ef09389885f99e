#include "engine/optimize/train/tokenizer_training.h"

#include <algorithm>

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

namespace hearth::optimize {

namespace {

class TextIterator : public sentencepiece::SentenceIterator {
public:
    explicit TextIterator(std::vector<std::string> lines) : m_lines(std::move(lines)) {}
    [[nodiscard]] bool done() const override { return m_at >= m_lines.size(); }
    void Next() override { ++m_at; }
    [[nodiscard]] const std::string& value() const override { return m_lines[m_at]; }
    [[nodiscard]] sentencepiece::util::Status status() const override { return {}; }

private:
    std::vector<std::string> m_lines;
    std::size_t m_at = 0;
};

std::vector<std::string> linesOf(std::span<const std::string> texts) {
    std::vector<std::string> lines;
    for (const std::string& text : texts)
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            if (end > begin)
                lines.push_back(text.substr(begin, end - begin));
            begin = end + 1;
        }
    return lines;
}

} // namespace

Result<TrainedVocabulary> trainTokenizer(std::span<const std::string> texts, std::size_t vocabulary,
                                         double characterCoverage) {
    TextIterator lines(linesOf(texts));
    std::string model;
    const auto trained =
        sentencepiece::SentencePieceTrainer::Train({{"model_type", "bpe"},
                                                    {"vocab_size", std::to_string(vocabulary)},
                                                    {"hard_vocab_limit", "true"},
                                                    {"character_coverage", std::to_string(characterCoverage)},
                                                    {"byte_fallback", "true"},
                                                    {"normalization_rule_name", "identity"},
                                                    {"add_dummy_prefix", "false"},
                                                    {"remove_extra_whitespaces", "false"},
                                                    {"split_digits", "true"},
                                                    {"num_threads", "1"},
                                                    {"unk_id", "0"},
                                                    {"bos_id", "1"},
                                                    {"eos_id", "2"},
                                                    {"pad_id", "-1"},
                                                    {"control_symbols", "<|im_start|>,<|im_end|>"},
                                                    {"user_defined_symbols", "\n"},
                                                    {"minloglevel", "3"}},
                                                   &lines, &model);
    if (!trained.ok())
        return fail("tokenizer.training_failed", trained.ToString());
    sentencepiece::SentencePieceProcessor processor;
    if (const auto loaded = processor.LoadFromSerializedProto(model); !loaded.ok())
        return fail("tokenizer.training_failed", loaded.ToString());
    TrainedVocabulary out;
    for (int id = 0; id < processor.GetPieceSize(); ++id) {
        out.pieces.push_back(processor.IdToPiece(id));
        out.scores.push_back(processor.GetScore(id));
        const bool userDefined = out.pieces.back() == "\n";
        out.types.push_back(processor.IsUnknown(id)   ? 2
                            : processor.IsControl(id) ? 3
                            : processor.IsByte(id)    ? 6
                            : userDefined             ? 4
                                                      : 1);
        if (out.pieces.back() == "<|im_end|>")
            out.endOfTurn = id;
    }
    return out;
}

} // namespace hearth::optimize
