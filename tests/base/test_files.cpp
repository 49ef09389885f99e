#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::AtomicFile;
using hearth::MappedFile;

class Files : public testing::Test {
protected:
    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(m_folder.path()),
                                                      std::filesystem::directory_iterator()));
    }
    hearth::test::TemporaryFolder m_folder;
    std::filesystem::path m_path = m_folder.path() / "file";
};

TEST_F(Files, AtomicFileAppearsOnlyAtCommit) {
    std::ofstream(m_path) << "old";
    auto file = AtomicFile::create(m_path);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->write(std::string("new ")).has_value());
    ASSERT_TRUE(file->write(std::string("content")).has_value());
    EXPECT_EQ(file->size(), 11U);
    EXPECT_EQ(hearth::test::readText(m_path), "old");
    ASSERT_TRUE(file->commit().has_value());
    EXPECT_EQ(hearth::test::readText(m_path), "new content");
    EXPECT_EQ(entries(), 1U);
}

// As root, the rename at the end would put a file in place of the device.
TEST_F(Files, AtomicFileReplacesNoDevicePipeOrFolder) {
    ASSERT_EQ(::mkfifo(m_path.c_str(), 0600), 0);
    std::filesystem::create_symlink(m_path, m_folder.path() / "link");
    for (const std::filesystem::path& target :
         {m_path, m_folder.path() / "link", m_folder.path(), std::filesystem::path("/dev/null")}) {
        const auto file = AtomicFile::create(target);
        ASSERT_FALSE(file.has_value()) << target;
        EXPECT_EQ(file.error().code, "file.not_regular");
        EXPECT_NE(file.error().message().find(target.string()), std::string::npos);
    }
    EXPECT_EQ(entries(), 2U);
}

TEST_F(Files, AtomicFileThatIsNotCommittedLeavesNoTrace) {
    std::ofstream(m_path) << "old";
    {
        auto file = AtomicFile::create(m_path);
        ASSERT_TRUE(file.has_value());
        ASSERT_TRUE(file->write(std::string("new")).has_value());
        const AtomicFile moved = std::move(*file); // one temporary, removed once
        EXPECT_EQ(entries(), 2U);
    }
    EXPECT_EQ(entries(), 1U);
    EXPECT_EQ(hearth::test::readText(m_path), "old");
}

TEST_F(Files, AtomicFileIsReadByItsOwnerOrAsTheUmaskSays) {
    const auto modeOf = [&](hearth::FileAccess access) {
        auto file = AtomicFile::create(m_path, access);
        EXPECT_TRUE(file.has_value() && file->commit().has_value());
        return std::filesystem::status(m_path).permissions();
    };
    const mode_t old = ::umask(022);
    EXPECT_EQ(modeOf(hearth::FileAccess::Owner), std::filesystem::perms(0600));
    EXPECT_EQ(modeOf(hearth::FileAccess::Umask), std::filesystem::perms(0644));
    ::umask(077);
    EXPECT_EQ(modeOf(hearth::FileAccess::Umask), std::filesystem::perms(0600));
    ::umask(old);
    EXPECT_EQ(entries(), 1U);
}

TEST_F(Files, AtomicFileNeedsAFolder) {
    const auto file = AtomicFile::create(m_folder.path() / "absent" / "file");
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().code, "file.unwritable");
    EXPECT_THAT(file.error().arg("path"), testing::HasSubstr("absent"));
}

TEST_F(Files, AtomicFileReportsAWriteThatFails) {
    // A limit on file sizes fails a write as a full disk does.
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
    rlimit small = old;
    small.rlim_cur = 4096;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    {
        auto file = AtomicFile::create(m_path);
        const auto written = file ? file->write(std::string(10000, 'x')) : hearth::Result<void>();
        ::setrlimit(RLIMIT_FSIZE, &old);
        std::signal(SIGXFSZ, oldHandler);
        ASSERT_TRUE(file.has_value());
        ASSERT_FALSE(written.has_value());
        EXPECT_EQ(written.error().code, "file.write_failed");
    }
    EXPECT_EQ(entries(), 0U);
}

TEST_F(Files, MappedFileShowsTheBytes) {
    std::ofstream(m_path, std::ios::binary) << std::string(100'000, 'a') << 'z';
    auto file = MappedFile::open(m_path);
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->bytes().size(), 100'001U);
    EXPECT_EQ(file->bytes().back(), std::byte{'z'});
    EXPECT_EQ(file->path(), m_path);
    file->willNeed(0, 100'001);
    file->willNeed(99'999, ~std::size_t{0});
    file->dontNeed(5000, 50'000);
    file->dontNeed(~std::size_t{0}, 1);
    EXPECT_EQ(file->bytes()[50'000], std::byte{'a'});

    const auto* data = file->bytes().data();
    MappedFile moved = std::move(*file);
    EXPECT_EQ(moved.bytes().data(), data);
    EXPECT_TRUE(file->bytes().empty());
    MappedFile other;
    other = std::move(moved);
    EXPECT_EQ(other.bytes().data(), data);
}

TEST_F(Files, MappedFileNamesWhatIsWrong) {
    const auto code = [](const std::filesystem::path& path) {
        const auto file = MappedFile::open(path);
        return file ? std::string("opened") : file.error().code;
    };
    EXPECT_EQ(code(m_path), "file.not_found");
    EXPECT_EQ(code(m_path / "below"), "file.not_found");
    EXPECT_EQ(code(m_folder.path()), "file.not_regular");
    EXPECT_EQ(code("/dev/null"), "file.not_regular");
    const auto pipe = m_folder.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(code(pipe), "file.not_regular"); // and does not wait for a writer
    std::ofstream(m_path).flush();
    EXPECT_EQ(code(m_path), "file.empty");
    if (::geteuid() != 0) {
        std::ofstream(m_path) << "x";
        ::chmod(m_path.c_str(), 0);
        EXPECT_EQ(code(m_path), "file.unreadable");
    }
}

} // namespace
