// How an answer ends and how its text is divided, from logits that choose a given token.

#include <limits>

#include <gtest/gtest.h>

#include "engine/runtime/answer_stream.h"
#include "tests/runtime/chat_model.h"

namespace {

using namespace hearth;
using namespace hearth::runtime;

class AnswerStreams : public testing::Test {
protected:
    static void SetUpTestSuite() { s_chat = std::make_unique<test::ChatModel>(test::chatMlTemplate()); }
    static void TearDownTestSuite() { s_chat.reset(); }

    struct Outcome {
        GenerationResult result;
        std::vector<Piece> pieces;
        bool ended = false;
    };

    /// What comes of the model writing `text` (special tokens included).
    static Outcome write(const std::string& text, const GenerationParams& params,
                         std::optional<std::string> prompt = "") {
        const auto tokens = s_chat->model->tokenizer().encode(text, text::Tokenizer::Specials::Parse);
        EXPECT_TRUE(tokens);
        return writeTokens(*tokens, params, prompt);
    }
    static Outcome writeTokens(const std::vector<TokenId>& tokens, const GenerationParams& params,
                               const std::optional<std::string>& prompt = "") {
        Outcome out;
        auto stream = AnswerStream::create(*s_chat->model, params, {}, prompt);
        EXPECT_TRUE(stream) << stream.error().message();
        const PieceSink sink = [&](const Piece& piece) { out.pieces.push_back(piece); };
        std::vector<float> logits(s_chat->model->vocabularySize());
        for (const TokenId token : tokens) {
            std::fill(logits.begin(), logits.end(), -std::numeric_limits<float>::infinity());
            logits[static_cast<std::size_t>(token)] = 1;
            const auto end = stream->step(logits, sink);
            EXPECT_TRUE(end) << end.error().message();
            if (*end) {
                out.ended = true;
                out.result = stream->finish(**end, sink);
                return out;
            }
        }
        out.result = stream->finish(StopReason::Cancelled, sink);
        return out;
    }
    static std::string streamed(const Outcome& outcome, PieceKind kind) {
        std::string text;
        for (const Piece& piece : outcome.pieces)
            if (piece.kind == kind)
                text += piece.text;
        return text;
    }

    static std::unique_ptr<test::ChatModel> s_chat;
};
std::unique_ptr<test::ChatModel> AnswerStreams::s_chat;

TEST_F(AnswerStreams, EveryTokenThatEndsATurnStops) {
    std::size_t count = 0;
    for (const TokenId end : s_chat->model->tokenizer().specials().endOfGeneration) {
        const Outcome outcome = writeTokens({282, end, 283}, {});
        EXPECT_TRUE(outcome.ended) << end;
        EXPECT_EQ(outcome.result.stop, StopReason::EndOfTurn) << end;
        EXPECT_EQ(outcome.result.stats.generatedTokens, 1U);
        ++count;
    }
    EXPECT_GE(count, 5U);
    for (const char* marker : {"<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>"})
        EXPECT_TRUE(writeTokens({test::markerId(marker)}, {}).ended) << marker;
}

TEST_F(AnswerStreams, StopStringsAcrossTokensEndTheAnswerBeforeThem) {
    GenerationParams params;
    params.stopStrings = {"the end"};
    const Outcome outcome = write("this is the end of it", params);
    EXPECT_EQ(outcome.result.stop, StopReason::StopString);
    EXPECT_EQ(outcome.result.answer, "this is ");
    EXPECT_EQ(streamed(outcome, PieceKind::Answer), "this is ");
    EXPECT_EQ(write("this is the en", params).result.answer, "this is the en") << "held back, then given out";
}

TEST_F(AnswerStreams, ReasoningIsKeptApartAndStopStringsDoNotLookIntoIt) {
    GenerationParams params;
    params.stopStrings = {"the"};
    const Outcome outcome = write("<think>\nin the end\n</think>\n\nwas other", params);
    EXPECT_EQ(outcome.result.reasoning, "in the end");
    EXPECT_EQ(outcome.result.answer, "was o");
    EXPECT_EQ(outcome.result.stop, StopReason::StopString);
    EXPECT_EQ(streamed(outcome, PieceKind::Reasoning), "in the end");
    EXPECT_GT(outcome.result.stats.reasoningTokens, 3U);
    EXPECT_LT(outcome.result.stats.reasoningTokens, outcome.result.stats.generatedTokens);
}

TEST_F(AnswerStreams, ATemplateMayHaveOpenedTheReasoning) {
    const Outcome outcome = write("so be it</think>no", {}, "<|im_start|>assistant\n<think>\n");
    EXPECT_EQ(outcome.result.reasoning, "so be it");
    EXPECT_EQ(outcome.result.answer, "no");
}

TEST_F(AnswerStreams, ChannelsOfControlTokens) {
    const Outcome outcome =
        write("<|channel|>analysis<|message|>so<|end|><|start|>assistant<|channel|>final<|message|>no", {});
    EXPECT_EQ(outcome.result.reasoning, "so");
    EXPECT_EQ(outcome.result.answer, "no");
    EXPECT_FALSE(outcome.ended);
}

TEST_F(AnswerStreams, PlainContinuationsAreNotDivided) {
    const Outcome outcome = write("<think>so</think>no", {}, std::nullopt);
    EXPECT_EQ(outcome.result.answer, "<think>so</think>no");
    EXPECT_EQ(outcome.result.reasoning, "");
}

TEST_F(AnswerStreams, OnlyWholeCharactersComeOut) {
    // 你好 in bytes, and a lone lead byte at the end.
    std::vector<TokenId> tokens;
    for (const unsigned char byte : std::string("\xE4\xBD\xA0\xE5\xA5\xBD\xE4"))
        tokens.push_back(3 + byte);
    const Outcome outcome = writeTokens(tokens, {});
    std::vector<std::string> texts;
    for (const Piece& piece : outcome.pieces)
        texts.push_back(piece.text);
    EXPECT_EQ(texts, (std::vector<std::string>{"\xE4\xBD\xA0", "\xE5\xA5\xBD", "\xEF\xBF\xBD"}));
    EXPECT_EQ(outcome.result.answer, "\xE4\xBD\xA0\xE5\xA5\xBD\xEF\xBF\xBD");
}

TEST_F(AnswerStreams, LogProbabilitiesComeOncePerToken) {
    GenerationParams params;
    params.sampling.logProbs = 2;
    params.stopStrings = {"zz"};
    const Outcome outcome = write("<think>a b</think>\n\ncz \xE4\xBD\xA1 d", params);
    std::size_t reported = 0;
    for (const Piece& piece : outcome.pieces)
        if (piece.token.id >= 0) {
            ++reported;
            EXPECT_FALSE(piece.token.top.empty());
        }
    EXPECT_EQ(reported, outcome.result.stats.generatedTokens);
    EXPECT_EQ(outcome.result.answer, "cz \xE4\xBD\xA1 d");
}

TEST_F(AnswerStreams, MaxTokensAndLoops) {
    GenerationParams params;
    params.maxTokens = 3;
    const Outcome three = writeTokens({282, 283, 284, 285}, params);
    EXPECT_EQ(three.result.stop, StopReason::MaxTokens);
    EXPECT_EQ(three.result.stats.generatedTokens, 3U);

    const std::vector<TokenId> endless(2000, 282);
    const Outcome loop = writeTokens(endless, {});
    EXPECT_EQ(loop.result.stop, StopReason::Loop);
    EXPECT_LT(loop.result.stats.generatedTokens, 2000U);
    params = {};
    params.detectLoops = false;
    EXPECT_FALSE(writeTokens(endless, params).ended);
}

TEST_F(AnswerStreams, BadParametersAreNamed) {
    GenerationParams params;
    params.maxTokens = -2;
    auto stream = AnswerStream::create(*s_chat->model, params, {}, "");
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().code, "session.bad_value");
    EXPECT_EQ(stream.error().arg("field"), "maxTokens");
    params = {};
    params.sampling.temperature = -1;
    const auto cold = AnswerStream::create(*s_chat->model, params, {}, "");
    ASSERT_FALSE(cold);
    EXPECT_EQ(cold.error().code, "sampling.out_of_range");
}

TEST_F(AnswerStreams, ASeedIsReportedAndRepeats) {
    GenerationParams params;
    params.sampling.seed = 77;
    EXPECT_EQ(writeTokens({282}, params).result.seed, 77U);
    params.sampling.seed = 0;
    EXPECT_NE(writeTokens({282}, params).result.seed, 0U);
}

} // namespace
