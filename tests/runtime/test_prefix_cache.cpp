// Beginnings of prompts on disk: found again by later sessions, the same answers with and without, and
// nothing believed that is damaged or another model's.

#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include "engine/runtime/prefix_cache.h"
#include "engine/runtime/session.h"
#include "tests/runtime/chat_model.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::runtime;
namespace fs = std::filesystem;

GenerationParams greedy() {
    GenerationParams params;
    params.sampling.temperature = 0;
    params.maxTokens = 12;
    params.detectLoops = false;
    return params;
}

std::vector<ChatMessage> ask(const std::string& question, std::size_t documentWords = 120) {
    std::string document = "the";
    for (std::size_t i = 0; i < documentWords; ++i)
        document += " word " + std::to_string(i);
    return {{"system", document, {}}, {"user", question, {}}};
}

class PrefixCaches : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(m_folder); }
    void TearDown() override {
        std::error_code ignored;
        fs::permissions(m_folder, fs::perms::owner_all, ignored);
        fs::remove_all(m_folder, ignored);
    }

    std::unique_ptr<Session> session(const test::ChatModel& chat, std::uint64_t maxBytes = 1U << 30) {
        auto cache = PrefixCache::open(*chat.model, {m_folder, maxBytes, 64});
        EXPECT_TRUE(cache) << cache.error().message();
        auto out = Session::create(chat.model);
        EXPECT_TRUE(out) << out.error().message();
        (*out)->setPrefixCache(std::move(*cache));
        return std::move(*out);
    }
    static GenerationResult answer(Session& session, const std::vector<ChatMessage>& messages) {
        auto result = session.chat(messages, greedy());
        EXPECT_TRUE(result) << result.error().message();
        return result ? std::move(*result) : GenerationResult{};
    }
    static std::string answerWithout(const test::ChatModel& chat, const std::vector<ChatMessage>& messages) {
        auto fresh = Session::create(chat.model);
        return answer(**fresh, messages).answer;
    }
    [[nodiscard]] std::vector<fs::path> files() const {
        std::vector<fs::path> out;
        for (const auto& entry : fs::directory_iterator(m_folder))
            out.push_back(entry.path());
        std::sort(out.begin(), out.end());
        return out;
    }

    fs::path m_folder = fs::temp_directory_path() / ("hearth-prefix-" + std::to_string(::getpid()));
};

TEST_F(PrefixCaches, ALaterSessionReadsTheDocumentFromDisk) {
    for (const char* source : {"llama-F32.gguf", "qwen3-F32.gguf"})
        for (const auto type : {kernels::KvType::F16, kernels::KvType::Q8_0}) {
            SCOPED_TRACE(std::string(source) + (type == kernels::KvType::F16 ? " f16" : " q8_0"));
            const test::ChatModel chat(test::chatMlTemplate(), {.kvType = type}, source);
            const auto first = answer(*session(chat), ask("what is it"));
            EXPECT_EQ(first.stats.restoredTokens, 0U);
            EXPECT_FALSE(first.notKept);
            ASSERT_EQ(files().size(), 1U);

            const auto again = answer(*session(chat), ask("what is it"));
            EXPECT_EQ(again.stats.restoredTokens, first.stats.promptTokens);
            EXPECT_EQ(again.stats.reusedTokens, first.stats.promptTokens - 1) << "the last one's logits";
            EXPECT_EQ(again.answer, first.answer);

            const auto other = answer(*session(chat), ask("another question"));
            EXPECT_GT(other.stats.restoredTokens, 200U) << "the document is the same";
            EXPECT_LT(other.stats.restoredTokens, other.stats.promptTokens);
            EXPECT_EQ(other.answer, answerWithout(chat, ask("another question")));
            EXPECT_EQ(files().size(), 1U) << "a question alone is not worth a file";
            TearDown();
            SetUp();
        }
}

TEST_F(PrefixCaches, ALongerBeginningTakesThePlaceOfAShorterOne) {
    const test::ChatModel chat(test::chatMlTemplate());
    auto talking = session(chat);
    answer(*talking, ask("short", 60));
    const auto before = files();
    const auto longer = answer(*talking, ask("short", 200));
    EXPECT_EQ(longer.stats.restoredTokens, 0U) << "it is in memory already";
    ASSERT_EQ(files().size(), 2U) << "they part inside the document";
    auto messages = ask("short", 200);
    messages.push_back({"assistant", longer.answer, {}});
    messages.push_back({"user", ask("", 100).front().content, {}});
    answer(*talking, messages);
    EXPECT_EQ(files().size(), 2U) << "the same beginning, and more: one file";
    EXPECT_EQ(answer(*session(chat), messages).stats.restoredTokens,
              (*talking->promptTokens(messages)).size());
}

TEST_F(PrefixCaches, OtherModelsAndKernelsDoNotUseIt) {
    const test::ChatModel chat(test::chatMlTemplate());
    answer(*session(chat), ask("q"));
    const test::ChatModel other(test::chatMlTemplate(), {}, "llama-Q8_0.gguf");
    const auto got = answer(*session(other), ask("q"));
    EXPECT_EQ(got.stats.restoredTokens, 0U);
    EXPECT_EQ(got.answer, answerWithout(other, ask("q")));
    const test::ChatModel eight(test::chatMlTemplate(), {.kvType = kernels::KvType::Q8_0});
    EXPECT_EQ(answer(*session(eight), ask("q")).stats.restoredTokens, 0U);
    EXPECT_EQ(files().size(), 3U);
}

TEST_F(PrefixCaches, DamagedFilesAreDeletedAndNeverBelieved) {
    const test::ChatModel chat(test::chatMlTemplate());
    const auto want = answer(*session(chat), ask("q"));
    const fs::path file = files().front();
    const std::string bytes = test::readText(file);
    const std::size_t whole = answer(*session(chat), ask("q")).stats.restoredTokens;
    ASSERT_GT(whole, 0U);
    const auto tryWith = [&](const std::string& damaged) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
        const auto got = answer(*session(chat), ask("q"));
        EXPECT_EQ(got.stats.restoredTokens, 0U);
        EXPECT_EQ(got.answer, want.answer);
        // Not always the same bytes: how a prompt was divided may show in the last bits of its keys.
        EXPECT_EQ(fs::file_size(file), bytes.size());
        EXPECT_EQ(answer(*session(chat), ask("q")).stats.restoredTokens, whole) << "written anew";
    };
    for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{47}, std::size_t{48},
                                   std::size_t{100}, bytes.size() / 2, bytes.size() - 1}) {
        SCOPED_TRACE("cut at " + std::to_string(size));
        tryWith(bytes.substr(0, size));
    }
    for (const std::size_t at : {std::size_t{0}, std::size_t{13}, bytes.size() / 2, bytes.size() - 1}) {
        SCOPED_TRACE("changed at " + std::to_string(at));
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x40);
        tryWith(changed);
    }
    tryWith(bytes + "more");
}

TEST_F(PrefixCaches, TheFolderKeepsItsLimitAndTheLongestUnusedGo) {
    const test::ChatModel chat(test::chatMlTemplate());
    answer(*session(chat), ask("one", 100));
    const auto size = fs::file_size(files().front());
    const fs::path oldest = files().front();
    fs::last_write_time(oldest, fs::file_time_type::clock::now() - std::chrono::hours(2));
    auto second = ask("two", 100);
    second.front().content = "quite " + second.front().content;
    answer(*session(chat, size * 5 / 2), second);
    ASSERT_EQ(files().size(), 2U);
    auto third = ask("three", 100);
    third.front().content = "yet another " + third.front().content;
    answer(*session(chat, size * 5 / 2), third);
    EXPECT_EQ(files().size(), 2U);
    EXPECT_FALSE(fs::exists(oldest));
    // Nothing fits: nothing is written, the answer comes.
    answer(*session(chat, 100), ask("four", 150));
    EXPECT_LE(files().size(), 2U);
}

TEST_F(PrefixCaches, WindowedModelsKeepWhatIsWhole) {
    const test::ChatModel chat(test::chatMlTemplate(), {.contextTokens = 4096}, "gemma3-F32.gguf");
    const auto first = answer(*session(chat), ask("q", 60));
    const auto again = answer(*session(chat), ask("q", 60));
    EXPECT_GT(again.stats.restoredTokens, 64U);
    EXPECT_EQ(again.answer, first.answer);
    const auto count = files().size();
    const auto lost = answer(*session(chat), ask("q", 500));
    ASSERT_GT(lost.stats.promptTokens, 8 + kMaxBatch);
    EXPECT_EQ(files().size(), count) << "its window has moved on";
    EXPECT_FALSE(lost.notKept);
    EXPECT_EQ(answer(*session(chat), ask("q", 500)).answer, lost.answer);
}

TEST_F(PrefixCaches, WhatCannotBeWrittenIsSaidAndTheAnswerIsWhole) {
    const test::ChatModel chat(test::chatMlTemplate());
    const std::string want = answerWithout(chat, ask("q"));
    auto talking = session(chat);
    struct rlimit before {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small { 4096, before.rlim_max };
    std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto got = answer(*talking, ask("q"));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_EQ(got.answer, want);
    ASSERT_TRUE(got.notKept);
    EXPECT_TRUE(files().empty()) << "no half file";

    std::ofstream(m_folder / "file") << "x";
    const auto refused = PrefixCache::open(*chat.model, {m_folder / "file" / "below"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "file.unwritable");
}

TEST_F(PrefixCaches, FilesAreTheirOwnersAlone) {
    const test::ChatModel chat(test::chatMlTemplate());
    answer(*session(chat), ask("q"));
    EXPECT_EQ(fs::status(files().front()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

} // namespace
