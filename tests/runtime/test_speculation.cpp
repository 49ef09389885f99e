// Guessing ahead: never changes an answer, and saves passes where the text repeats itself.

#include <gtest/gtest.h>

#include "engine/base/thread_pool.h"
#include "engine/runtime/session.h"
#include "engine/runtime/speculation.h"
#include "tests/model/edited_model.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::runtime;

std::shared_ptr<LoadedModel> golden(const std::string& name, ThreadPool& pool) {
    auto model = LoadedModel::load(test::golden(name), pool);
    EXPECT_TRUE(model) << model.error().message();
    return model ? *model : nullptr;
}

/// A text that quotes itself, as an editing task does.
std::vector<TokenId> repetitive(std::size_t count) {
    std::vector<TokenId> tokens;
    for (std::size_t i = 0; i < count; ++i)
        tokens.push_back(static_cast<TokenId>(20 + i * i % 17));
    return tokens;
}

GenerationParams params(std::size_t draftTokens, float temperature, std::int64_t maxTokens) {
    GenerationParams out;
    out.sampling.temperature = temperature;
    out.sampling.seed = 7;
    out.maxTokens = maxTokens;
    out.draftTokens = draftTokens;
    out.detectLoops = false;
    return out;
}

struct Case {
    std::string model;
    float temperature;
};

class Speculation : public testing::TestWithParam<Case> {
protected:
    ThreadPool m_pool{2};
};

TEST_P(Speculation, GivesTheSameAnswer) {
    const auto model = golden(GetParam().model, m_pool);
    ASSERT_TRUE(model);
    for (const std::size_t length : {1, 2, 9, 40}) {
        const auto prompt = repetitive(length);
        auto session = *Session::create(model);
        const auto plain = session->complete(prompt, params(0, GetParam().temperature, 60));
        ASSERT_TRUE(plain) << plain.error().message();
        EXPECT_EQ(plain->stats.draftedTokens, 0U);
        const std::vector<TokenId> cached(session->cachedTokens().begin(), session->cachedTokens().end());
        for (const std::size_t draft : {1, 4, 7, 99}) {
            session->clear();
            const auto guessed = session->complete(prompt, params(draft, GetParam().temperature, 60));
            ASSERT_TRUE(guessed) << guessed.error().message();
            EXPECT_EQ(guessed->answer, plain->answer)
                << "prompt of " << length << ", " << draft << " guesses";
            EXPECT_EQ(guessed->stop, plain->stop);
            EXPECT_EQ(guessed->stats.generatedTokens, plain->stats.generatedTokens);
            EXPECT_EQ(cached,
                      std::vector<TokenId>(session->cachedTokens().begin(), session->cachedTokens().end()))
                << "guesses stay in the cache";
        }
    }
}

TEST_P(Speculation, AModelThatGuessesGivesTheSameAnswer) {
    const auto model = golden(GetParam().model, m_pool), draft = golden(GetParam().model, m_pool);
    ASSERT_TRUE(model && draft);
    const auto prompt = repetitive(12);
    auto session = *Session::create(model);
    const auto plain = session->complete(prompt, params(0, GetParam().temperature, 40));
    ASSERT_TRUE(session->setDraftModel(draft));
    session->clear();
    const auto guessed = session->complete(prompt, params(4, GetParam().temperature, 40));
    ASSERT_TRUE(plain && guessed);
    EXPECT_EQ(guessed->answer, plain->answer);
    EXPECT_GT(guessed->stats.draftedTokens, 0U);
    if (GetParam().temperature == 0.0F) { // the same model, greedy: every guess comes true
        EXPECT_EQ(guessed->stats.acceptedDrafts, guessed->stats.draftedTokens);
    }
    // Back to looking up, in the middle of a conversation.
    ASSERT_TRUE(session->setDraftModel(nullptr));
    EXPECT_EQ(session->complete(prompt, params(4, GetParam().temperature, 40))->answer, plain->answer);
}

// gemma2 and gemma3 have layers with a window of 8, whose ring is rolled back.
INSTANTIATE_TEST_SUITE_P(Models, Speculation,
                         testing::Values(Case{"llama-F32.gguf", 0}, Case{"llama-F32.gguf", 0.9F},
                                         Case{"llama-Q4_K.gguf", 0}, Case{"gemma2-F32.gguf", 0},
                                         Case{"gemma3-F32.gguf", 0.9F}, Case{"qwen3moe-F32.gguf", 0}),
                         [](const auto& instance) {
                             std::string name =
                                 instance.param.model + (instance.param.temperature > 0 ? "Random" : "");
                             std::erase_if(name, [](char c) { return !std::isalnum(c); });
                             return name;
                         });

TEST(SpeculationLimits, TheContextIsFilledToItsEnd) {
    ThreadPool pool(2);
    LoadOptions options;
    options.contextTokens = 48;
    auto model = LoadedModel::load(test::golden("llama-F32.gguf"), pool, options);
    ASSERT_TRUE(model) << model.error().message();
    auto session = *Session::create(*model);
    const auto prompt = repetitive(20);
    const auto plain = session->complete(prompt, params(0, 0, -1));
    session->clear();
    const auto guessed = session->complete(prompt, params(7, 0, -1));
    ASSERT_TRUE(plain && guessed);
    EXPECT_EQ(plain->stop, StopReason::Context);
    EXPECT_EQ(guessed->stop, StopReason::Context);
    EXPECT_EQ(guessed->answer, plain->answer);
    EXPECT_EQ(guessed->stats.generatedTokens, plain->stats.generatedTokens);
}

TEST(SpeculationLimits, AnotherVocabularyIsRefused) {
    ThreadPool pool(2);
    HEARTH_SKIP_WITHOUT(test::shared("stories260K/stories260K.gguf"));
    const auto stories = LoadedModel::load(test::shared("stories260K/stories260K.gguf"), pool);
    ASSERT_TRUE(stories) << stories.error().message();
    auto session = *Session::create(*stories);
    const auto refused = session->setDraftModel(golden("llama-F32.gguf", pool));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "speculation.vocabulary_mismatch");
}

TEST(SpeculationLimits, StoriesStayTheSameWhicheverWayTheyAreGuessed) {
    ThreadPool pool(2);
    HEARTH_SKIP_WITHOUT(test::shared("stories260K/stories260K.gguf"));
    const auto model = LoadedModel::load(test::shared("stories260K/stories260K.gguf"), pool);
    ASSERT_TRUE(model) << model.error().message();
    const auto prompt = (*model)->tokenizer().encode("Once upon a time", text::Tokenizer::Specials::Plain);
    ASSERT_TRUE(prompt);
    auto session = *Session::create(*model);
    const auto plain = session->complete(*prompt, params(0, 0, 250));
    session->clear();
    const auto guessed = session->complete(*prompt, params(7, 0, 250));
    ASSERT_TRUE(plain && guessed);
    EXPECT_EQ(guessed->answer, plain->answer);
    EXPECT_GT(guessed->stats.acceptedDrafts, 0U);
}

TEST(PromptLookup, ContinuesWhatFollowedTheLastThreeTokens) {
    PromptLookup lookup(100);
    const std::vector<TokenId> text{1, 2, 3, 4, 5, 6, 7, 8, 1, 2};
    const auto guess = lookup.propose(text, 3, 4);
    ASSERT_TRUE(guess);
    EXPECT_EQ(std::vector<TokenId>(guess->begin(), guess->end()), (std::vector<TokenId>{4, 5, 6, 7}));
    EXPECT_TRUE(lookup.propose(text, 9, 4)->empty());
    EXPECT_EQ(lookup.propose(text, 3, 2)->size(), 2U);
    EXPECT_TRUE(lookup.propose(text, 3, 0)->empty());
}

TEST(PromptLookup, TheLatestOccurrenceCounts) {
    PromptLookup lookup(100);
    const std::vector<TokenId> text{1, 2, 3, 10, 0, 1, 2, 3, 20, 0, 1, 2};
    const auto guess = lookup.propose(text, 3, 1);
    ASSERT_EQ(guess->size(), 1U);
    EXPECT_EQ((*guess)[0], 20);
}

TEST(PromptLookup, AShortPeriodGoesOn) {
    PromptLookup lookup(100);
    const std::vector<TokenId> ruler{9, 5, 5, 5, 5, 5}, table{9, 1, 2, 3, 1, 2, 3, 1, 2};
    const auto guess = lookup.propose(ruler, 5, 4);
    EXPECT_EQ(std::vector<TokenId>(guess->begin(), guess->end()), (std::vector<TokenId>{5, 5, 5, 5}));
    lookup.clear();
    const auto rows = lookup.propose(table, 3, 7);
    EXPECT_EQ(std::vector<TokenId>(rows->begin(), rows->end()), (std::vector<TokenId>{1, 2, 3, 1, 2, 3, 1}));
}

TEST(PromptLookup, ShortTextsAndOnesThatWereClearedGiveNothing) {
    PromptLookup lookup(100);
    const std::vector<TokenId> text{5, 5, 5, 5, 5, 5};
    EXPECT_TRUE(lookup.propose({}, 1, 4)->empty());
    EXPECT_TRUE(lookup.propose(std::span(text).first(2), 5, 4)->empty());
    EXPECT_FALSE(lookup.propose(text, 5, 4)->empty());
    lookup.clear();
    const std::vector<TokenId> other{1, 2, 3, 4};
    EXPECT_TRUE(lookup.propose(other, 5, 4)->empty());
}

TEST(DraftLength, GrowsWithSuccessAndPausesAfterFailures) {
    DraftLength length(7);
    EXPECT_EQ(length.next(), 7U);
    length.observed(7, 3);
    EXPECT_EQ(length.next(), 4U);
    length.observed(4, 4);
    EXPECT_EQ(length.next(), 7U);
    length.observed(7, 0);
    EXPECT_EQ(length.next(), 0U);
    EXPECT_EQ(length.next(), 0U);
    EXPECT_EQ(length.next(), 3U);
    std::size_t pause = 0;
    for (int i = 0; i < 10; ++i)
        length.observed(1, 0);
    while (length.next() == 0)
        ++pause;
    EXPECT_EQ(pause, 32U);
    EXPECT_EQ(DraftLength(0).next(), 0U);
}

} // namespace
