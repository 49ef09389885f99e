// Answers generated together guess ahead: never to another text, and in fewer passes where they repeat.

#include <gtest/gtest.h>

#include "engine/model/model.h"
#include "engine/runtime/scheduler.h"
#include "engine/runtime/speculation.h"
#include "tests/runtime/complete_alone.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::runtime;

/// A text that quotes itself, as an editing task does.
std::vector<TokenId> quoting(std::size_t length, std::size_t seed = 0) {
    std::vector<TokenId> out;
    for (std::size_t i = 0; i < length; ++i)
        out.push_back(static_cast<TokenId>(20 + (i * i + seed) % 17));
    return out;
}

struct Case {
    std::string model;
    float temperature = 0;
};

class SchedulerGuesses : public testing::TestWithParam<Case> {
protected:
    void SetUp() override { load(1024); }
    void load(std::size_t contextTokens) {
        auto loaded =
            LoadedModel::load(test::golden(GetParam().model), m_pool, {.contextTokens = contextTokens});
        ASSERT_TRUE(loaded) << loaded.error().message();
        m_model = *loaded;
    }
    /// Answers that do not end by themselves.
    GenerationParams params(std::size_t draftTokens, std::int64_t maxTokens) const {
        GenerationParams out;
        out.sampling.temperature = GetParam().temperature;
        out.sampling.seed = 7;
        for (const TokenId end : m_model->tokenizer().specials().endOfGeneration)
            out.sampling.logitBias[end] = -100;
        out.maxTokens = maxTokens;
        out.draftTokens = draftTokens;
        out.detectLoops = false;
        return out;
    }
    /// Of an answer that says one thing again and again.
    GenerationParams repeating(std::size_t draftTokens, std::int64_t maxTokens) const {
        GenerationParams out = params(draftTokens, maxTokens);
        out.sampling.logitBias[30] = 100;
        return out;
    }
    struct Asked {
        std::vector<TokenId> prompt;
        GenerationParams params;
        std::size_t atStep = 0;
        std::stop_source stop = {};
        std::function<void(const Piece&)> sink = {};
    };
    struct Outcome {
        std::vector<GenerationResult> results;
        std::vector<std::string> streamed;
        std::vector<std::vector<TokenId>> tokens; ///< with logProbs only
        std::size_t steps = 0;
    };
    /// Submits each before its step, and steps until all have ended.
    Outcome run(Scheduler& scheduler, std::vector<Asked> asked) {
        Outcome out{std::vector<GenerationResult>(asked.size()), std::vector<std::string>(asked.size()),
                    std::vector<std::vector<TokenId>>(asked.size()), 0};
        std::size_t ended = 0;
        for (; ended < asked.size() && out.steps < 5000; ++out.steps) {
            for (std::size_t i = 0; i < asked.size(); ++i)
                if (asked[i].atStep == out.steps) {
                    Request request;
                    request.prompt = asked[i].prompt;
                    request.params = asked[i].params;
                    request.stop = asked[i].stop.get_token();
                    request.sink = [&, i](const Piece& piece) {
                        out.streamed[i] += piece.text;
                        if (piece.token.id >= 0)
                            out.tokens[i].push_back(piece.token.id);
                        if (asked[i].sink)
                            asked[i].sink(piece);
                    };
                    request.done = [&, i](Result<GenerationResult> result) {
                        ASSERT_TRUE(result) << result.error().message();
                        out.results[i] = *result;
                        ++ended;
                    };
                    EXPECT_TRUE(scheduler.submit(std::move(request)));
                }
            scheduler.step();
        }
        EXPECT_EQ(ended, asked.size());
        return out;
    }
    Outcome run(std::vector<Asked> asked, SchedulerOptions options) {
        auto made = Scheduler::create(m_model, options);
        EXPECT_TRUE(made) << made.error().message();
        return made ? run(**made, std::move(asked)) : Outcome{};
    }
    GenerationResult alone(const std::vector<TokenId>& prompt, const GenerationParams& params) {
        return test::completeAlone(m_model, prompt, params);
    }
    ThreadPool m_pool{2};
    std::shared_ptr<LoadedModel> m_model;
};

// gemma2 and gemma3 have layers with a window of 8, whose ring is rolled back.
INSTANTIATE_TEST_SUITE_P(Models, SchedulerGuesses,
                         testing::Values(Case{"llama-F32.gguf"}, Case{"llama-F32.gguf", 0.3F},
                                         Case{"llama-Q4_K.gguf"}, Case{"gemma2-F32.gguf"},
                                         Case{"gemma3-F32.gguf", 0.9F}, Case{"qwen3moe-F32.gguf"}),
                         [](const auto& instance) {
                             std::string name =
                                 instance.param.model + (instance.param.temperature > 0 ? "Random" : "");
                             std::erase_if(name, [](char c) { return !std::isalnum(c); });
                             return name;
                         });

// Prompts here are read in pieces of sixteen tokens and then one, so that they are rounded the same however
// a loaded machine divides them.
TEST_P(SchedulerGuesses, ChangeNoAnswerThatJoinsOrLeaves) {
    const auto ask = [&](std::size_t draftTokens) {
        std::vector<Asked> out;
        const std::size_t lengths[] = {33, 17, 49, 1, 65, 17};
        for (std::size_t i = 0; i < std::size(lengths); ++i) {
            out.push_back({quoting(lengths[i], i), params(draftTokens, 60 - std::int64_t(i) * 7), i * i});
            out.back().params.sampling.seed = 7 + i;
        }
        return out;
    };
    std::vector<GenerationResult> wanted;
    for (const Asked& one : ask(0))
        wanted.push_back(alone(one.prompt, one.params));
    for (const std::size_t draftTokens : {0, 1, 4, 7, 99}) {
        SCOPED_TRACE(draftTokens);
        const Outcome got = run(ask(draftTokens), {.sequences = 3});
        std::size_t drafted = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            SCOPED_TRACE(i);
            const GenerationResult &result = got.results[i], &want = wanted[i];
            EXPECT_EQ(result.answer, want.answer);
            EXPECT_EQ(got.streamed[i], want.answer);
            EXPECT_EQ(result.stop, want.stop);
            EXPECT_EQ(result.stats.generatedTokens, want.stats.generatedTokens);
            EXPECT_LE(result.stats.acceptedDrafts, result.stats.draftedTokens);
            drafted += result.stats.draftedTokens;
        }
        EXPECT_EQ(drafted > 0, draftTokens > 0);
    }
}

TEST_P(SchedulerGuesses, ARepeatingAnswerTakesFewerPassesThanTokens) {
    const Outcome plain = run({{quoting(33), repeating(0, 200)}}, {.sequences = 2});
    const Outcome guessed = run({{quoting(33), repeating(7, 200)}}, {.sequences = 2});
    const GenerationStats& stats = guessed.results[0].stats;
    EXPECT_EQ(stats.generatedTokens, 200U);
    EXPECT_EQ(guessed.results[0].answer, plain.results[0].answer);
    EXPECT_EQ(guessed.steps + stats.acceptedDrafts, plain.steps) << "each guess that came true saves a pass";
    EXPECT_GT(stats.acceptedDrafts, 150U);
}

TEST_P(SchedulerGuesses, OfAPassGoToAllInTurn) {
    for (const std::size_t count : {2, 5, 7, 8, 9}) {
        SCOPED_TRACE(count);
        std::vector<Asked> asked(count, {quoting(33), repeating(7, 120)});
        const Outcome got = run(std::move(asked), {.sequences = count});
        for (const GenerationResult& result : got.results) {
            EXPECT_EQ(result.stats.generatedTokens, 120U);
            if (count >= kFewRows) {
                EXPECT_EQ(result.stats.draftedTokens, 0U) << "there is no room";
            } else {
                const std::size_t fair = 110 * (kFewRows - count) / kFewRows;
                EXPECT_GT(result.stats.acceptedDrafts, fair - 8);
                EXPECT_LT(result.stats.acceptedDrafts, fair + 8 + 6 * (count - 1));
            }
        }
    }
}

TEST_P(SchedulerGuesses, GoOnWhileAPromptIsRead) {
    auto made = Scheduler::create(m_model, {.sequences = 2, .stallSeconds = 0}); // the smallest pieces
    ASSERT_TRUE(made);
    std::size_t pieces = 0, steps = 0;
    bool read = false;
    Request running;
    running.prompt = quoting(33);
    running.params = repeating(7, 900);
    running.params.sampling.logProbs = 1; // a piece per token
    running.sink = [&](const Piece& piece) { pieces += piece.token.id >= 0; };
    ASSERT_TRUE((*made)->submit(std::move(running)));
    for (std::size_t i = 0; i < 10; ++i)
        ASSERT_TRUE((*made)->step());
    Request late;
    late.prompt = quoting(500, 3);
    late.params = params(7, 1);
    late.done = [&](const Result<GenerationResult>&) { read = true; };
    ASSERT_TRUE((*made)->submit(std::move(late)));
    const std::size_t before = pieces;
    for (; !read; ++steps) {
        ASSERT_LT(steps, 100U);
        ASSERT_TRUE((*made)->step());
    }
    EXPECT_GT(steps, 20U) << "the prompt came in pieces";
    EXPECT_GT(pieces - before, 7 * steps);
}

TEST_P(SchedulerGuesses, EndWhereTheAnswerEnds) {
    const std::string whole = alone(quoting(33), params(0, 90)).answer;
    for (std::size_t at = 0; at + 6 < whole.size(); at += 5) {
        GenerationParams plain = params(0, 90);
        plain.stopStrings = {whole.substr(at, 3)};
        GenerationParams guessing = plain;
        guessing.draftTokens = 7;
        const GenerationResult want = alone(quoting(33), plain);
        const Outcome got = run({{quoting(33), guessing}}, {.sequences = 1});
        EXPECT_EQ(got.results[0].stop, want.stop);
        EXPECT_EQ(got.results[0].answer, want.answer);
        EXPECT_EQ(got.streamed[0], want.answer);
        EXPECT_EQ(got.results[0].stats.generatedTokens, want.stats.generatedTokens);
    }
    for (std::int64_t most = 0; most < 30; ++most) {
        const Outcome got = run({{quoting(33), params(7, most)}}, {.sequences = 1});
        EXPECT_EQ(got.results[0].stop, StopReason::MaxTokens);
        EXPECT_EQ(got.results[0].stats.generatedTokens, std::size_t(most));
        EXPECT_EQ(got.streamed[0], alone(quoting(33), params(0, most)).answer);
    }
}

TEST_P(SchedulerGuesses, EndWhenNobodyWantsThem) {
    auto made = Scheduler::create(m_model, {.sequences = 1});
    ASSERT_TRUE(made);
    GenerationParams wanted = repeating(7, 120);
    wanted.sampling.logProbs = 1;
    for (std::size_t at = 1; at < 60; at += 3) {
        SCOPED_TRACE(at);
        Asked asked{quoting(33), wanted};
        std::size_t pieces = 0;
        asked.sink = [&pieces, at, stop = asked.stop](const Piece& piece) mutable {
            if ((pieces += piece.token.id >= 0) == at)
                stop.request_stop();
        };
        const Outcome got = run(**made, {std::move(asked)});
        EXPECT_EQ(got.results[0].stop, StopReason::Cancelled);
        EXPECT_EQ(got.results[0].stats.generatedTokens, at);
        EXPECT_EQ(pieces, at);
    }
    // What was guessed last is not in the cache.
    EXPECT_EQ(run(**made, {{quoting(33), wanted}}).results[0].answer, alone(quoting(33), wanted).answer);
}

TEST_P(SchedulerGuesses, FillTheContextToItsEnd) {
    load(48);
    const Outcome plain = run({{quoting(20), params(0, -1)}}, {.sequences = 1});
    const Outcome guessed = run({{quoting(20), params(7, -1)}}, {.sequences = 1});
    EXPECT_EQ(guessed.results[0].stop, StopReason::Context);
    EXPECT_EQ(guessed.results[0].answer, plain.results[0].answer);
    EXPECT_EQ(guessed.results[0].stats.generatedTokens, plain.results[0].stats.generatedTokens);
}

TEST_P(SchedulerGuesses, LeaveTheCacheAsPlainDecodingDoes) {
    const auto twoTurns = [&](std::size_t draftTokens) {
        auto made = Scheduler::create(m_model, {.sequences = 1});
        EXPECT_TRUE(made);
        GenerationParams wanted = params(draftTokens, 70);
        wanted.sampling.logProbs = 1;
        const Outcome first = run(**made, {{quoting(33), wanted}});
        std::vector<TokenId> next = quoting(33);
        next.insert(next.end(), first.tokens[0].begin(), first.tokens[0].end());
        for (const TokenId token : quoting(16, 5))
            next.push_back(token);
        const Outcome second = run(**made, {{next, wanted}});
        EXPECT_EQ(second.results[0].stats.reusedTokens, 102U);
        return std::pair(first.tokens[0], second.tokens[0]);
    };
    const auto plain = twoTurns(0), guessed = twoTurns(7);
    EXPECT_EQ(guessed.first, plain.first);
    EXPECT_EQ(guessed.second, plain.second);
}

TEST_P(SchedulerGuesses, StayWhereEveryRowIsExact) {
    EXPECT_GE(m_model->compute().exactRows(), kFewRows);
}

} // namespace
