#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/security/crypto/digest.h"
#include "engine/security/crypto/file_sealing.h"
#include "tests/security/crypto/crypto_support.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::security {
namespace {

using test::unhex;

constexpr std::size_t kTag = 16;
const PasswordCost kCheap{64, 1, 1};

std::string sealText(const std::string& text, const FileSecret& secret, std::string_view context = "backup",
                     std::size_t piece = 10'000) {
    std::string out;
    auto sealer = FileSealer::start(secret, context, [&](ByteView bytes) -> Result<void> {
        out += textOf(bytes);
        return {};
    });
    EXPECT_TRUE(sealer) << sealer.error().message();
    for (std::size_t i = 0; i < text.size(); i += piece)
        EXPECT_TRUE(sealer->write(viewOf(std::string_view(text).substr(i, piece))));
    EXPECT_TRUE(sealer->finish());
    return out;
}

/// The text, or the error's code in angle brackets.
std::string openText(std::string_view sealed, const FileSecret& secret, std::string_view context = "backup",
                     std::size_t piece = 7'777) {
    std::string out;
    FileOpener opener(secret, context, [&](ByteView bytes) -> Result<void> {
        out += textOf(bytes);
        return {};
    });
    for (std::size_t i = 0; i < sealed.size(); i += piece)
        if (const auto fed = opener.feed(viewOf(sealed.substr(i, piece))); !fed)
            return "<" + fed.error().code + ">";
    if (const auto done = opener.finish(); !done)
        return "<" + done.error().code + ">";
    return out;
}

std::string pattern(std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>((i * 7 + i / 256) % 256);
    return out;
}

class FileSealing : public ::testing::Test {
protected:
    std::vector<std::byte> m_key = test::countingKey();
    FileSecret secret() const { return FileKey{m_key}; }
};

TEST_F(FileSealing, OpensWhatAnotherImplementationSealed) {
    // Made with Python's cryptography package: salt 200…231, context "backup".
    const auto small =
        unhex("4845415254485345414c0100c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7"
              "000000000000000000000000888e18898ad5d00d7bd27eb792dcfef9ced0682ed2360d6776283090320e956f85");
    EXPECT_EQ(openText(textOf(small), secret()), "hello sealed file");
    EXPECT_EQ(openText(textOf(small), secret(), "another purpose"), "<crypto.tampered>");
}

TEST_F(FileSealing, RoundTripAroundTheChunkSize) {
    for (const std::size_t size : {0U, 1U, 65535U, 65536U, 65537U, 131072U, 200'000U}) {
        const std::string text = pattern(size);
        const std::string sealed = sealText(text, secret());
        const std::size_t chunks =
            std::max<std::size_t>(1, (size + kSealedChunkBytes - 1) / kSealedChunkBytes);
        EXPECT_EQ(sealed.size(), kSealedHeaderBytes + size + chunks * kTag);
        EXPECT_EQ(openText(sealed, secret()), text) << size;
        EXPECT_EQ(openText(sealed, secret(), "backup", 1'000'000), text) << size;
    }
}

TEST_F(FileSealing, EveryChangedByteOfASmallFileIsFound) {
    const std::string sealed = sealText("the content of a small file", secret());
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string bad = sealed;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        const std::string opened = openText(bad, secret());
        EXPECT_THAT(opened, ::testing::StartsWith("<crypto.")) << "byte " << i;
    }
}

TEST_F(FileSealing, EveryTruncationIsFound) {
    const std::string sealed = sealText("the content of a small file", secret());
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_THAT(openText(sealed.substr(0, size), secret()), ::testing::StartsWith("<crypto.")) << size;
    const std::string large = sealText(pattern(150'000), secret());
    const std::size_t chunk = kSealedChunkBytes + kTag;
    // Cut exactly behind a whole chunk, where each chunk alone is fine.
    EXPECT_EQ(openText(large.substr(0, kSealedHeaderBytes + chunk), secret()), "<crypto.tampered>");
    EXPECT_EQ(openText(large.substr(0, kSealedHeaderBytes + 2 * chunk), secret()), "<crypto.tampered>");
    EXPECT_EQ(openText(large.substr(0, kSealedHeaderBytes), secret()), "<crypto.truncated>");
    EXPECT_EQ(openText(large + "x", secret()), "<crypto.tampered>");
}

TEST_F(FileSealing, ReorderedRepeatedAndForeignChunksAreFound) {
    const std::string sealed = sealText(pattern(200'000), secret()),
                      other = sealText(pattern(200'000), secret());
    const std::size_t chunk = kSealedChunkBytes + kTag, head = kSealedHeaderBytes;
    const std::string h = sealed.substr(0, head), a = sealed.substr(head, chunk),
                      b = sealed.substr(head + chunk, chunk), rest = sealed.substr(head + 2 * chunk);
    EXPECT_EQ(openText(h + a + b + rest, secret()), pattern(200'000));
    EXPECT_EQ(openText(h + b + a + rest, secret()), "<crypto.tampered>");
    EXPECT_EQ(openText(h + a + a + b + rest, secret()), "<crypto.tampered>");
    EXPECT_EQ(openText(h + b + rest, secret()), "<crypto.tampered>");
    EXPECT_EQ(openText(h + a + other.substr(head + chunk, chunk) + rest, secret()), "<crypto.tampered>");
}

TEST_F(FileSealing, PasswordsOpenTheirOwnFiles) {
    const FileSecret password = FilePassword{viewOf("a long enough password"), kCheap};
    const std::string sealed = sealText("secret export", password);
    EXPECT_EQ(openText(sealed, password), "secret export");
    EXPECT_EQ(openText(sealed, FilePassword{viewOf("another password here"), {}}), "<crypto.wrong_password>");
    EXPECT_EQ(openText(sealed, secret()), "<crypto.needs_password>");
    EXPECT_EQ(openText(sealText("x", secret()), password), "<crypto.needs_key>");
    std::string edited = sealed;
    edited[44 + 3] = '\x7f'; // 2 TiB of memory
    EXPECT_EQ(openText(edited, password), "<crypto.bad_cost>");
    edited = sealed;
    edited[44 + 4] = '\2'; // other passes
    EXPECT_EQ(openText(edited, password), "<crypto.wrong_password>");
}

TEST_F(FileSealing, OtherFilesAreNamedAsWhatTheyAre) {
    EXPECT_EQ(openText("", secret()), "<crypto.not_sealed>");
    EXPECT_EQ(openText("GGUF", secret()), "<crypto.not_sealed>");
    EXPECT_EQ(openText(std::string(100, 'x'), secret()), "<crypto.not_sealed>");
    EXPECT_EQ(openText("HEARTHSE", secret()), "<crypto.truncated>");
    std::string future = sealText("x", secret());
    future[10] = '\2';
    EXPECT_EQ(openText(future, secret()), "<crypto.unknown_version>");
}

TEST_F(FileSealing, FilesAppearWholeOrNotAtAll) {
    const test::TemporaryFolder folder;
    const auto plain = folder.path() / "plain", sealed = folder.path() / "sealed",
               back = folder.path() / "back";
    std::ofstream(plain, std::ios::binary) << pattern(300'000);
    ASSERT_TRUE(sealFile(plain, sealed, secret(), "model"));
    ASSERT_TRUE(openFile(sealed, back, secret(), "model"));
    EXPECT_EQ(test::readText(back), pattern(300'000));
    std::filesystem::remove(back);
    std::filesystem::resize_file(sealed, std::filesystem::file_size(sealed) - 20);
    const auto cut = openFile(sealed, back, secret(), "model");
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, "crypto.tampered");
    EXPECT_FALSE(std::filesystem::exists(back));
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = sealFile(plain, back, secret(), "model", stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    EXPECT_FALSE(std::filesystem::exists(back));
    EXPECT_EQ(openFile(folder.path() / "none", back, secret(), "").error().code, "file.not_found");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
}

} // namespace
} // namespace hearth::security
