// Sealing a version in its place, and back.

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

#include "engine/security/crypto/sealed_memory.h"
#include "engine/store/connection.h"
#include "engine/workbench/library/file_hash.h"
#include "engine/workbench/library/usage_names.h"
#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
using test::codeOf;
namespace fs = std::filesystem;

class LibrarySealing : public test::LibraryTest {
protected:
    LibrarySealing() {
        auto made = security::SecureBytes::make(32);
        made->bytes()[0] = std::byte{7};
        m_key = std::move(*made);
        m_word = std::move(*security::SecureBytes::copyOf(security::viewOf("a password of the model")));
    }
    security::FileSecret key() const { return security::FileKey{m_key.bytes()}; }
    security::FileSecret word() const {
        return security::FilePassword{m_word.bytes(), security::PasswordCost{64, 1, 1}};
    }
    AddReport addCopy() { return add(put("llama-Q4_0.gguf", "from/a.gguf"), FileMode::Copied); }
    bool readableAnywhere() const {
        for (const auto& entry : fs::recursive_directory_iterator(path("models")))
            if (entry.is_regular_file() &&
                test::readText(entry.path()).find("llama.block_count") != std::string::npos)
                return true;
        return false;
    }
    security::SecureBytes m_key, m_word;
};

TEST_F(LibrarySealing, InPlaceAndBackWithKeyAndPassword) {
    const auto added = addCopy();
    const LibraryVersion before = version(added.version);
    ASSERT_TRUE(library->noteUsed(before.path()));
    for (const bool byPassword : {false, true}) {
        const security::FileSecret secret = byPassword ? word() : key();
        std::vector<std::uint64_t> told;
        const auto sealed = library->seal(added.version, secret, true, {},
                                          [&](const Progress& p) { told.push_back(p.done * 100 / p.total); });
        ASSERT_TRUE(sealed) << sealed.error().message();
        EXPECT_FALSE(sealed->readableLeft);
        EXPECT_FALSE(sealed->notRemoved);
        EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
        EXPECT_EQ(told.back(), 100U);
        const LibraryVersion now = version(added.version);
        EXPECT_TRUE(now.sealed());
        EXPECT_EQ(now.path(), before.path().string() + ".sealed");
        EXPECT_EQ(now.path(), sealed->path);
        EXPECT_EQ(now.state(), FileState::Present);
        EXPECT_EQ(now.label, before.label);
        EXPECT_EQ(security::sealedBy(now.path()),
                  byPassword ? security::SealedBy::Password : security::SealedBy::Key);
        EXPECT_FALSE(fs::exists(before.path()));
        EXPECT_FALSE(readableAnywhere());
        EXPECT_TRUE(library->verify(added.version)->good());
        const auto memory = security::OpenedMemory::open(now.path(), secret, security::kModelContext);
        ASSERT_TRUE(memory) << memory.error().message();
        EXPECT_EQ(memory->bytes().size(), before.bytes());
        EXPECT_EQ(codeOf(library->seal(added.version, secret, true)), "library.already_sealed");
        // What does not open it changes nothing.
        EXPECT_EQ(codeOf(library->unseal(added.version, byPassword ? key() : word())),
                  byPassword ? "crypto.needs_password" : "crypto.needs_key");
        m_key.bytes()[1] ^= std::byte{1};
        m_word.bytes()[0] ^= std::byte{1};
        EXPECT_EQ(codeOf(library->unseal(added.version, byPassword ? word() : key())),
                  byPassword ? "crypto.wrong_password" : "crypto.tampered");
        m_key.bytes()[1] ^= std::byte{1};
        m_word.bytes()[0] ^= std::byte{1};
        EXPECT_TRUE(version(added.version).sealed());
        EXPECT_FALSE(readableAnywhere());
        open();
        const auto back = library->unseal(added.version, secret);
        ASSERT_TRUE(back) << back.error().message();
        EXPECT_EQ(*back, before.path());
        const LibraryVersion after = version(added.version);
        EXPECT_FALSE(after.sealed());
        EXPECT_EQ(after.files.front().sha256, before.files.front().sha256);
        EXPECT_EQ(after.bytes(), before.bytes());
        EXPECT_FALSE(fs::exists(now.path()));
        EXPECT_EQ(codeOf(library->unseal(added.version, secret)), "library.not_sealed");
    }
}

TEST_F(LibrarySealing, FilesOfOthersAreOnlyRemovedWhenAskedFor) {
    const fs::path file = put("llama-Q4_0.gguf", "elsewhere/a.gguf");
    const auto added = add(file);
    const auto sealed = library->seal(added.version, key(), false);
    ASSERT_TRUE(sealed) << sealed.error().message();
    EXPECT_TRUE(sealed->readableLeft);
    EXPECT_TRUE(fs::exists(file));
    EXPECT_EQ(version(added.version).path(), path("models") / "a.gguf.sealed");
    EXPECT_EQ(version(added.version).files.front().mode, FileMode::Made);
    // The kept one can be taken in as a version of its own; sealed under the same name, it finds it taken.
    const auto again = add(file);
    EXPECT_NE(again.version, added.version);
    EXPECT_EQ(codeOf(library->seal(again.version, key(), true)), "library.name_taken");
    EXPECT_TRUE(fs::exists(file));
}

TEST_F(LibrarySealing, OtherNamesOfTheBytesAreSaid) {
    const fs::path file = put("llama-Q4_0.gguf", "elsewhere/a.gguf");
    const auto linked = add(file, FileMode::HardLinked);
    const auto sealed = library->seal(linked.version, key(), true);
    ASSERT_TRUE(sealed) << sealed.error().message();
    EXPECT_TRUE(sealed->readableLeft);
    EXPECT_FALSE(readableAnywhere()); // in the library
    EXPECT_NE(test::readText(file).find("llama.block_count"), std::string::npos) << "somebody else's";
    const fs::path other = put("llama-F16.gguf", "elsewhere/b.gguf"), link = path("link.gguf");
    fs::create_symlink(other, link);
    const auto pointed = add(link);
    const auto done = library->seal(pointed.version, key(), true);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_TRUE(done->readableLeft);
    EXPECT_TRUE(fs::exists(other));
}

TEST_F(LibrarySealing, NothingChangesWhenItIsRefusedOrStopped) {
    const auto added = addCopy();
    const fs::path file = version(added.version).path();
    const auto untouched = [&](const char* what) {
        EXPECT_EQ(version(added.version).path(), file) << what;
        EXPECT_TRUE(library->verify(added.version)->good()) << what;
        EXPECT_FALSE(fs::exists(file.string() + ".sealed")) << what;
    };
    std::stop_source stop;
    EXPECT_EQ(codeOf(library->seal(added.version, key(), true, stop.get_token(),
                                   [&](const Progress& p) {
                                       if (p.done * 10 > p.total * 7) // while it is read back
                                           stop.request_stop();
                                   })),
              kCancelled);
    untouched("stopped");
    {
        const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        ASSERT_GE(fd, 0);
        EXPECT_EQ(codeOf(library->seal(added.version, key(), true)), "library.in_use");
        ::close(fd);
    }
    untouched("in use");
    security::SecureBytes shortKey = std::move(*security::SecureBytes::make(5));
    EXPECT_EQ(codeOf(library->seal(added.version, security::FileKey{shortKey.bytes()}, true)),
              "crypto.bad_key");
    untouched("bad key");
    open([](security::Action action, const std::string&, const std::function<Result<void>()>&) {
        return action == security::Action::View ? Result<void>() : fail("permission.denied", "no");
    });
    EXPECT_EQ(codeOf(library->seal(added.version, key(), true)), "permission.denied");
    EXPECT_EQ(codeOf(library->unseal(added.version, key())), "permission.denied");
    open();
    untouched("refused");
    EXPECT_EQ(codeOf(library->seal(9999, key(), true)), "library.not_found");
    EXPECT_EQ(codeOf(library->unseal(added.version, key())), "library.not_sealed");
    {
        std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
        change.seekp(200'000);
        change.put('!');
    }
    EXPECT_EQ(codeOf(library->seal(added.version, key(), true)), "library.other_content");
    fs::remove(file);
    EXPECT_EQ(codeOf(library->seal(added.version, key(), true)), "library.file_missing");
}

TEST_F(LibrarySealing, SealedBytesThatWereChangedDoNotOpen) {
    const auto added = addCopy();
    ASSERT_TRUE(library->seal(added.version, key(), true));
    const fs::path file = version(added.version).path();
    {
        std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
        change.seekp(-10, std::ios::end);
        change.put('!');
    }
    EXPECT_EQ(codeOf(library->unseal(added.version, key())), "crypto.tampered");
    EXPECT_FALSE(readableAnywhere());
    EXPECT_TRUE(version(added.version).sealed());
}

TEST_F(LibrarySealing, FiguresKnowAModelByOneName) {
    const auto added = addCopy();
    const auto before = usageNames(path("library.db"));
    ASSERT_TRUE(library->seal(added.version, key(), true));
    EXPECT_EQ(usageNames(path("library.db")).value(), before.value());
    EXPECT_EQ(before.value(), std::vector{usageName(version(added.version).path())});
    EXPECT_EQ(usageName("/m/Qwen3-0.6B.Q8_0.gguf"), "Qwen3-0.6B.Q8_0");
    EXPECT_TRUE(usageNames(path("absent.db"))->empty());
}

/// Killed after the sealed file took its place: what is left of the readable one goes with the next start,
/// but never a file that the library lists.
TEST_F(LibrarySealing, LeftoversGoWithTheNextStart) {
    const auto added = addCopy();
    const fs::path listed = version(added.version).path(), left = path("models/left.gguf");
    fs::copy_file(listed, left);
    library.reset();
    {
        auto connection = store::Connection::open(path("library.db"), store::Connection::Mode::ReadWrite);
        ASSERT_TRUE(connection);
        for (const fs::path& each : {listed, left, path("models/absent.gguf")})
            ASSERT_TRUE(
                (*connection)
                    ->run("INSERT INTO leftover (path) VALUES (?)", {std::string_view(each.native())}));
    }
    open();
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(library->verify(added.version)->good());
    auto connection = store::Connection::open(path("library.db"), store::Connection::Mode::ReadOnly);
    EXPECT_EQ((*connection)->integer("SELECT count(*) FROM leftover").value(), 0);
}

} // namespace
