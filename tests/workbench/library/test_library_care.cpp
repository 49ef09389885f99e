// Verifying, moving, removing and putting back.

#include <gmock/gmock.h>

#include "tests/workbench/library/library_fixture.h"
#include <unistd.h>

namespace {

using namespace hearth;
using namespace hearth::workbench;
using test::codeOf;
namespace fs = std::filesystem;
using LibraryCare = test::LibraryTest;
using Verdict = Verification::Verdict;

void flipByte(const fs::path& path, std::streamoff at) {
    const auto time = fs::last_write_time(path);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char c = static_cast<char>(file.get() ^ 1);
    file.seekp(at);
    file.put(c);
    file.close();
    fs::last_write_time(path, time); // what only looking at size and time does not see
}

TEST_F(LibraryCare, VerifyingFindsOneChangedBit) {
    const fs::path file = put("llama-Q4_0.gguf", "a.gguf");
    const auto added = add(file);
    auto result = library->verify(added.version);
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->files.front().verdict, Verdict::Same);
    EXPECT_TRUE(result->good());
    const std::string recorded = version(added.version).files.front().sha256;
    flipByte(file, 200'000);
    EXPECT_EQ(version(added.version).state(), FileState::Present) << "nobody has read it yet";
    std::uint64_t done = 0;
    result = library->verify(added.version, {}, [&](const Progress& p) { done = p.done; });
    ASSERT_TRUE(result);
    EXPECT_EQ(done, fs::file_size(file));
    EXPECT_EQ(result->files.front().verdict, Verdict::Changed);
    EXPECT_EQ(result->files.front().expected, recorded);
    EXPECT_NE(result->files.front().found, recorded);
    EXPECT_FALSE(result->good());
    EXPECT_EQ(version(added.version).state(), FileState::Changed);
    EXPECT_EQ(version(added.version).files.front().sha256, recorded) << "what was recorded stays";
    open();
    EXPECT_EQ(version(added.version).state(), FileState::Changed);
    ASSERT_TRUE(library->acceptChange(added.version));
    EXPECT_EQ(version(added.version).state(), FileState::Present);
    EXPECT_EQ(library->verify(added.version)->files.front().verdict, Verdict::Same);
}

TEST_F(LibraryCare, TouchedReplacedAndMissingFiles) {
    const fs::path file = put("llama-Q4_0.gguf", "a.gguf");
    const auto added = add(file);
    fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::hours(1));
    EXPECT_EQ(version(added.version).state(), FileState::Altered);
    EXPECT_TRUE(library->verify(added.version)->good());
    EXPECT_EQ(version(added.version).state(), FileState::Present) << "the same bytes under another time";
    std::ofstream(file, std::ios::app) << "more";
    EXPECT_EQ(version(added.version).state(), FileState::Altered);
    EXPECT_EQ(library->verify(added.version)->files.front().verdict, Verdict::Changed);
    EXPECT_NE(version(added.version).state(), FileState::Present);
    fs::remove(file);
    EXPECT_EQ(version(added.version).state(), FileState::Missing);
    EXPECT_EQ(library->verify(added.version)->files.front().verdict, Verdict::Missing);
    EXPECT_EQ(models(), 1U) << "shown as missing, not dropped";
}

TEST_F(LibraryCare, HashesMayComeLater) {
    const auto added = library->add({.path = put("llama-Q4_0.gguf", "a.gguf"), .hash = false});
    ASSERT_TRUE(added);
    EXPECT_EQ(version(added->version).contentHash(), "");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(codeOf(library->verify(added->version, stop.get_token())), kCancelled);
    EXPECT_EQ(library->verify(added->version)->files.front().verdict, Verdict::Recorded);
    EXPECT_EQ(version(added->version).contentHash().size(), 64U);
}

TEST_F(LibraryCare, AMissingFileIsFoundAgain) {
    const fs::path file = put("llama-Q4_0.gguf", "a.gguf");
    const auto added = add(file);
    const auto row = version(added.version).files.front().id;
    fs::create_directories(path("elsewhere"));
    fs::rename(file, path("elsewhere/b.gguf"));
    const fs::path other = put("llama-Q4_K.gguf", "same-size.gguf");
    ASSERT_EQ(fs::file_size(other), fs::file_size(path("elsewhere/b.gguf")));
    EXPECT_EQ(codeOf(library->relocate(row, other)), "library.other_content");
    EXPECT_EQ(codeOf(library->relocate(row, put("llama-F16.gguf", "f.gguf"))), "library.other_content");
    EXPECT_EQ(codeOf(library->relocate(row, path("nothing"))), "library.file_missing");
    EXPECT_EQ(codeOf(library->relocate(12345, other)), "library.not_found");
    ASSERT_TRUE(library->relocate(row, path("elsewhere/b.gguf")));
    EXPECT_EQ(version(added.version).state(), FileState::Present);
    EXPECT_EQ(version(added.version).path(), path("elsewhere/b.gguf"));
}

TEST_F(LibraryCare, MovesWithinAndAcrossFileSystems) {
    const fs::path file = put("llama-Q4_0.gguf", "a.gguf");
    const auto added = add(file);
    ASSERT_TRUE(library->move(added.version, path("new/folder")));
    EXPECT_FALSE(fs::exists(file));
    EXPECT_EQ(version(added.version).path(), path("new/folder/a.gguf"));
    EXPECT_EQ(version(added.version).state(), FileState::Present);
    put("llama-Q4_1.gguf", "taken/a.gguf");
    EXPECT_EQ(codeOf(library->move(added.version, path("taken"))), "library.name_taken");
    std::ofstream(path("a-file")) << "x";
    EXPECT_EQ(codeOf(library->move(added.version, path("a-file"))), "file.unwritable");
    EXPECT_EQ(version(added.version).state(), FileState::Present);

    std::error_code error;
    const fs::path memory = fs::path("/dev/shm") / ("hearth-test-" + std::to_string(::getpid()));
    fs::create_directories(memory, error);
    if (error)
        GTEST_SKIP() << "no second file system to move to";
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(codeOf(library->move(added.version, memory, stop.get_token())), kCancelled);
    EXPECT_TRUE(fs::is_empty(memory));
    std::uint64_t done = 0;
    ASSERT_TRUE(library->move(added.version, memory, {}, [&](const Progress& p) { done = p.done; }));
    EXPECT_GT(done, 0U);
    EXPECT_EQ(version(added.version).path(), memory / "a.gguf");
    EXPECT_TRUE(library->verify(added.version)->good());
    EXPECT_FALSE(fs::exists(path("new/folder/a.gguf")));
    fs::remove_all(memory, error);
}

TEST_F(LibraryCare, OwnFilesGoToTheTrashAndComeBack) {
    const fs::path file = put("llama-Q4_0.gguf", "in/a.gguf");
    const auto first = add(file, FileMode::Copied);
    const auto second = add(put("llama-Q8_0.gguf", "in/b.gguf"));
    ASSERT_TRUE(library->setDefault(second.version));
    ASSERT_TRUE(library->setDefault(first.version));
    const fs::path copy = version(first.version).path();
    const auto removed = library->remove(first.version);
    ASSERT_TRUE(removed) << removed.error().message();
    EXPECT_EQ(removed->freedBytes, fs::file_size(file));
    EXPECT_FALSE(removed->modelGone);
    EXPECT_FALSE(fs::exists(copy));
    ASSERT_EQ(removed->trashed.size(), 1U);
    EXPECT_TRUE(fs::exists(removed->trashed.front().inTrash));
    EXPECT_TRUE(fs::exists(file)) << "what it was copied from is not ours";
    EXPECT_EQ(library->model(first.model)->defaultVersion()->id, second.version);
    EXPECT_EQ(codeOf(library->version(first.version)), "library.not_found");
    ASSERT_TRUE(library->restore(*removed));
    EXPECT_EQ(version(first.version).state(), FileState::Present);
    EXPECT_TRUE(library->verify(first.version)->good());
    EXPECT_EQ(library->model(first.model)->defaultVersion()->id, first.version);
    EXPECT_FALSE(fs::exists(removed->trashed.front().inTrash));
    fs::path note = removed->trashed.front().inTrash.parent_path().parent_path() / "info";
    EXPECT_TRUE(!fs::exists(note) || fs::is_empty(note)) << "the trash's note stayed behind";
}

TEST_F(LibraryCare, ReferencedFilesStayUnlessAskedFor) {
    const fs::path file = put("llama-Q4_0.gguf", "a.gguf");
    auto added = add(file);
    EXPECT_EQ(library->wouldFree(added.version).value(), 0U);
    EXPECT_EQ(library->wouldFree(added.version, true).value(), fs::file_size(file));
    auto removed = library->remove(added.version);
    ASSERT_TRUE(removed);
    EXPECT_TRUE(removed->modelGone);
    EXPECT_EQ(removed->freedBytes, 0U);
    EXPECT_TRUE(fs::exists(file));
    EXPECT_EQ(models(), 0U);
    ASSERT_TRUE(library->restore(*removed));
    EXPECT_EQ(version(added.version).path(), file);
    EXPECT_EQ(library->model(added.model)->name, removed->model.name);
    removed = library->remove(added.version, true);
    ASSERT_TRUE(removed);
    EXPECT_FALSE(fs::exists(file));
    // Something else took the name meanwhile: nothing of it is overwritten.
    std::ofstream(file) << "mine";
    EXPECT_EQ(codeOf(library->restore(*removed)), "library.name_taken");
    EXPECT_EQ(test::readText(file), "mine");
}

TEST_F(LibraryCare, ATrashThatRefusesChangesNothing) {
    const auto added = add(put("llama-Q4_0.gguf", "in/a.gguf"), FileMode::Copied);
    fs::remove_all(path("trash-home"));
    std::ofstream(path("trash-home")) << "not a folder";
    fs::create_directories(path("here"));
    const fs::path before = fs::current_path();
    fs::current_path(path("here"));
    const auto removed = library->remove(added.version);
    fs::current_path(before);
    EXPECT_TRUE(fs::is_empty(path("here"))) << "the working directory is no trash";
    if (removed) // a trash at the top of the file system took it
        GTEST_SKIP() << "this system has another trash";
    EXPECT_EQ(removed.error().code, "library.no_trash");
    EXPECT_EQ(version(added.version).state(), FileState::Present);
    EXPECT_EQ(models(), 1U);
}

TEST_F(LibraryCare, TheGateDecides) {
    const auto added = add(put("llama-Q4_0.gguf", "a.gguf"));
    std::vector<security::Action> asked;
    open([&](security::Action action, const std::string&,
             const std::function<Result<void>()>&) -> Result<void> {
        asked.push_back(action);
        return fail("permission.denied", "no");
    });
    EXPECT_EQ(codeOf(library->remove(added.version)), "permission.denied");
    EXPECT_EQ(codeOf(library->move(added.version, path("m"))), "permission.denied");
    EXPECT_EQ(codeOf(library->verify(added.version)), "permission.denied");
    EXPECT_EQ(codeOf(library->rename(added.model, "x")), "permission.denied");
    EXPECT_THAT(asked, testing::ElementsAre(security::Action::Remove, security::Action::Change,
                                            security::Action::View, security::Action::Change));
    EXPECT_TRUE(fs::exists(path("a.gguf")));
    EXPECT_EQ(models(), 1U);
}

} // namespace
