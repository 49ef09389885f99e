#include <gtest/gtest.h>

#include "engine/runtime/context_policy.h"

namespace {

using namespace hearth;
using runtime::ChatMessage;

std::vector<ChatMessage> roles(const std::string& letters) {
    std::vector<ChatMessage> out;
    for (const char letter : letters)
        out.push_back({letter == 's'   ? "system"
                       : letter == 'u' ? "user"
                       : letter == 't' ? "tool"
                                       : "assistant",
                       "x",
                       {}});
    return out;
}

TEST(Turns, BeginWithUsersMessages) {
    const auto turns = runtime::turnsOf(roles("ssuatauau"));
    EXPECT_EQ(turns.systemMessages, 2U);
    EXPECT_EQ(turns.begins, (std::vector<std::size_t>{2, 6, 8}));
    EXPECT_EQ(turns.messagesOfFirst(0), (std::vector<std::size_t>{}));
    EXPECT_EQ(turns.messagesOfFirst(1), (std::vector<std::size_t>{2, 3, 4, 5}));
    EXPECT_EQ(turns.messagesOfFirst(2), (std::vector<std::size_t>{2, 3, 4, 5, 6, 7}));
}

TEST(Turns, AGreetingBelongsToTheFirstOne) {
    EXPECT_EQ(runtime::turnsOf(roles("sauau")).begins, (std::vector<std::size_t>{1, 2, 4}));
    EXPECT_TRUE(runtime::turnsOf(roles("s")).begins.empty());
}

TEST(Turns, TheFewestAreDropped) {
    std::size_t calls = 0;
    // Ten turns of 100 tokens after a system prompt of 50.
    const auto tokens = [&](std::size_t count) -> Result<std::size_t> {
        ++calls;
        return 50 + (10 - count) * 100;
    };
    EXPECT_EQ(runtime::turnsToDrop(10, 2000, tokens), 0U);
    EXPECT_EQ(runtime::turnsToDrop(10, 1050, tokens), 0U);
    EXPECT_EQ(runtime::turnsToDrop(10, 1049, tokens), 1U);
    EXPECT_EQ(runtime::turnsToDrop(10, 300, tokens), 8U);
    EXPECT_EQ(runtime::turnsToDrop(10, 10, tokens), 9U) << "the last turn stays";
    EXPECT_LE(calls, 5U * 4U);
    EXPECT_EQ(runtime::turnsToDrop(0, 10, tokens), 0U);
    const auto failing = [](std::size_t) -> Result<std::size_t> { return fail("template.raised", "no"); };
    EXPECT_EQ(runtime::turnsToDrop(3, 10, failing).error().code, "template.raised");
}

} // namespace
