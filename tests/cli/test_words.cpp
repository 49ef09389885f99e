// The parts of the program that are functions: error sentences, exit codes, lists of tokens, safe output.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/cli/error_text.h"
#include "engine/cli/exit_codes.h"
#include "engine/cli/input.h"
#include "engine/cli/model_facts.h"

namespace {

using namespace hearth::cli;
using hearth::Error;
using testing::HasSubstr;

TEST(ErrorText, CauseNumbersAdviceCode) {
    EXPECT_EQ(errorText({"gguf.truncated", "the file ends", 7}),
              "The file ends. The file is probably an incomplete download; fetch it again. [gguf.truncated, "
              "byte 7]");
    EXPECT_EQ(errorText({"file.not_found", "/a/b: No such file or directory"}),
              "/a/b: No such file or directory. Check the path. [file.not_found]");
    EXPECT_EQ(errorText({"other.code", ""}), "other.code. [other.code]");
    // Only a download keeps anything; who searched, or waited for a list, is not told so.
    EXPECT_EQ(errorText({"hub.timeout", "no answer"}),
              "No answer. Check the connection, or choose another hub with --endpoint. [hub.timeout]");
    EXPECT_THAT(errorText(Error{"hub.timeout", "no answer"}.with("received_bytes", "9")),
                HasSubstr("--endpoint. What came so far is kept; the same command goes on with it. ["));
    const auto memory = Error{"memory.not_enough", "x"}
                            .with("needed_bytes", "5368709120")
                            .with("weights_bytes", "4294967296")
                            .with("kv_bytes", "1048576")
                            .with("buffer_bytes", "1024")
                            .with("available_bytes", "1073741824");
    EXPECT_THAT(
        errorText(memory),
        HasSubstr("needs 5.00 GiB of memory (weights 4.00 GiB, context 1.00 MiB, buffers 1.00 KiB), and only "
                  "1.00 GiB are free."));
}

TEST(ExitCodes, FollowTheTable) {
    const auto exit = [](const char* code) { return static_cast<int>(exitCodeOf(Error{code, ""})); };
    EXPECT_EQ(exit("base.cancelled"), 6);
    EXPECT_EQ(exit("memory.not_enough"), 5);
    EXPECT_EQ(exit("context.full"), 7);
    EXPECT_EQ(exit("gguf.unsupported_version"), 4);
    EXPECT_EQ(exit("gguf.unknown_tensor_type"), 4);
    EXPECT_EQ(exit("gguf.anything_else"), 3);
    EXPECT_EQ(exit("model.unsupported_family"), 4);
    EXPECT_EQ(exit("model.bad_shape"), 3);
    EXPECT_EQ(exit("model.out_of_memory"), 5);
    EXPECT_EQ(exit("file.not_found"), 3);
    EXPECT_EQ(exit("file.disk_full"), 8);
    EXPECT_EQ(exit("sampling.out_of_range"), 2);
    EXPECT_EQ(exit("what.ever"), 1);
}

TEST(Input, TokenLists) {
    EXPECT_THAT(parseTokens("1,2,3").value(), testing::ElementsAre(1, 2, 3));
    EXPECT_THAT(parseTokens(" 1 2\n3, ").value(), testing::ElementsAre(1, 2, 3));
    for (const char* bad : {"", " ", "1,a", "1.5", "0x10", "1;2", "2147483648", "--1"})
        EXPECT_EQ(parseTokens(bad).error().code, "usage.bad_tokens") << bad;
    EXPECT_EQ(parseTokens("1,x").error().offset, 2U);
    EXPECT_TRUE(checkTokens(std::vector<hearth::text::TokenId>{0, 9}, 10).has_value());
    EXPECT_FALSE(checkTokens(std::vector<hearth::text::TokenId>{10}, 10).has_value());
    EXPECT_FALSE(checkTokens(std::vector<hearth::text::TokenId>{-1}, 10).has_value());
}

TEST(Output, IsSafeForATerminal) {
    EXPECT_EQ(printable("a\tb\nc é 你"), "a\tb\nc é 你");
    EXPECT_EQ(printable("\x1b[2J"), "\xE2\x90\x9B[2J"); // ␛[2J
    EXPECT_EQ(printable("\x07\r\x7F"), "\xE2\x90\x87\xE2\x90\x8D\xE2\x90\xA1");
    EXPECT_EQ(printable("\xC2\x9B"), "\xEF\xBF\xBD"); // U+009B, a one-character escape
    EXPECT_EQ(printable("\xC2\xA0"), "\xC2\xA0");
    EXPECT_EQ(oneLine("a\n\tb"), "a\\n\\tb");
}

TEST(Output, Numbers) {
    EXPECT_EQ(bytesText(0), "0 B");
    EXPECT_EQ(bytesText(1023), "1023 B");
    EXPECT_EQ(bytesText(1536), "1.50 KiB");
    EXPECT_EQ(bytesText(5ULL << 30), "5.00 GiB");
    EXPECT_EQ(bytesText(50ULL << 40), "50.0 TiB");
    EXPECT_EQ(countText(999), "999");
    EXPECT_EQ(countText(260'000), "260.00 K");
    EXPECT_EQ(countText(1'104'218'112), "1.10 B");
}

} // namespace
