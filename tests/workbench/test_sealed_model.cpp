#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/security/crypto/sealed_memory.h"
#include "engine/workbench/chat.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using namespace security;

class SealedModel : public ::testing::Test {
protected:
    SealedModel() {
        auto key = SecureBytes::make(32);
        key->bytes()[3] = std::byte{5};
        m_key = std::move(*key);
        EXPECT_TRUE(sealFile(plain(), sealed(), secret(), kModelContext));
    }
    static fs::path plain() { return test::golden("llama-F32.gguf"); }
    fs::path sealed() const { return m_folder.path() / "llama.gguf.sealed"; }
    FileSecret secret() const { return FileKey{m_key.bytes()}; }
    static std::string answer(const fs::path& path, const runtime::LoadOptions& options) {
        ModelHost host(2);
        const auto loaded = host.load(path, options, {}, {});
        EXPECT_TRUE(loaded) << loaded.error().message();
        TurnRequest request;
        request.messages = {{"user", "hello"}};
        request.params.sampling.temperature = 0;
        request.params.maxTokens = 12;
        request.params.detectLoops = false;
        std::string text;
        const auto done = host.answer(request, {}, [&](const runtime::Piece& piece) { text += piece.text; });
        EXPECT_TRUE(done);
        return text;
    }
    /// How an opened file becomes what a model is loaded from.
    static runtime::LoadOptions from(OpenedMemory memory) {
        runtime::LoadOptions options;
        options.bytes = OpenedMemory::shared(std::move(memory));
        return options;
    }
    test::TemporaryFolder m_folder;
    SecureBytes m_key;
};

TEST_F(SealedModel, AnswersLikeThePlainOne) {
    EXPECT_TRUE(isSealedFile(sealed()));
    EXPECT_FALSE(isSealedFile(plain()));
    EXPECT_EQ(sealedBy(sealed()), SealedBy::Key);
    EXPECT_EQ(sealedBy(plain()), std::nullopt);
    EXPECT_EQ(sealedBy(m_folder.path() / "absent"), std::nullopt);
    const auto withPassword = m_folder.path() / "password.sealed";
    ASSERT_TRUE(sealFile(plain(), withPassword, FilePassword{viewOf("a password of its own"), {64, 1, 1}},
                         kModelContext));
    EXPECT_EQ(sealedBy(withPassword), SealedBy::Password);
    fs::remove(withPassword);
    EXPECT_FALSE(isSealedFile(m_folder.path() / "absent"));
    EXPECT_EQ(test::readText(sealed()).find("llama.block_count"), std::string::npos);
    auto memory = OpenedMemory::open(sealed(), secret(), kModelContext);
    ASSERT_TRUE(memory) << memory.error().message();
    EXPECT_EQ(textOf(memory->bytes()), test::readText(plain()));
    const std::string expected = answer(plain(), {});
    EXPECT_FALSE(expected.empty());
    EXPECT_EQ(answer(sealed(), from(std::move(*memory))), expected);
    // Nothing readable was written beside it.
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(m_folder.path()))
        files += entry.is_regular_file();
    EXPECT_EQ(files, 1);
}

TEST_F(SealedModel, ChangedCutAndForeignFilesAreRefused) {
    const std::string whole = test::readText(sealed());
    const auto codeOf = [&](const std::string& bytes, const FileSecret& with) {
        std::ofstream(sealed(), std::ios::binary | std::ios::trunc) << bytes;
        const auto opened = OpenedMemory::open(sealed(), with, kModelContext);
        return opened ? std::string() : opened.error().code;
    };
    for (const std::size_t at : {std::size_t{20}, kSealedHeaderBytes, whole.size() / 2, whole.size() - 1}) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        EXPECT_EQ(codeOf(changed, secret()), "crypto.tampered") << at;
    }
    for (const std::size_t size :
         {whole.size() - 1, kSealedHeaderBytes + kSealedChunkBytes + 16, std::size_t{30}})
        EXPECT_THAT(codeOf(whole.substr(0, size), secret()),
                    ::testing::AnyOf("crypto.tampered", "crypto.truncated"))
            << size;
    auto other = SecureBytes::make(32);
    EXPECT_EQ(codeOf(whole, FileKey{other->bytes()}), "crypto.tampered");
    EXPECT_EQ(codeOf("GGUF", secret()), "crypto.not_sealed");
    // Sealed for something else: a backup does not load as a model.
    ASSERT_TRUE(sealFile(plain(), sealed(), secret(), "hearth history backup 1"));
    EXPECT_EQ(OpenedMemory::open(sealed(), secret(), kModelContext).error().code, "crypto.tampered");
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_EQ(OpenedMemory::open(sealed(), secret(), kModelContext, stopped.get_token()).error().code,
              kCancelled);
    // The sealed file itself is no model file, and says so.
    ModelHost host(1);
    EXPECT_TRUE(host.load(sealed(), {}, {}, {}).error().code.starts_with("gguf."));
}

} // namespace
} // namespace hearth::workbench
