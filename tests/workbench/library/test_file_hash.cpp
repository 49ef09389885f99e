#include "engine/workbench/library/file_hash.h"

#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
namespace fs = std::filesystem;

class Hash : public testing::Test {
protected:
    fs::path write(const std::string& name, const std::string& text) const {
        std::ofstream(m_folder.path() / name, std::ios::binary) << text;
        return m_folder.path() / name;
    }
    test::TemporaryFolder m_folder;
};

TEST_F(Hash, PublishedVectors) {
    // FIPS 180-2, appendix B.
    EXPECT_EQ(hashFile(write("abc", "abc")).value(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hashFile(write("empty", "")).value(),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    std::uint64_t read = 0;
    EXPECT_EQ(hashFile(write("million", std::string(1'000'000, 'a')), {},
                       [&](std::uint64_t bytes) { read += bytes; })
                  .value(),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    EXPECT_EQ(read, 1'000'000U);
}

TEST_F(Hash, RefusalsAreNamed) {
    EXPECT_EQ(test::codeOf(hashFile(m_folder.path() / "nothing")), "file.not_found");
    EXPECT_EQ(test::codeOf(hashFile(m_folder.path())), "file.not_regular");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(test::codeOf(hashFile(write("f", "x"), stop.get_token())), kCancelled);
}

TEST_F(Hash, CopiesWholeOrNotAtAll) {
    const fs::path from = write("from", std::string(3 << 20, 'x')), to = m_folder.path() / "to";
    EXPECT_EQ(copyFile(from, to).value(), hashFile(from).value());
    EXPECT_EQ(test::readText(to), test::readText(from));
    EXPECT_EQ(test::codeOf(copyFile(from, to)), "library.name_taken");
    const fs::path other = m_folder.path() / "other";
    std::stop_source stop;
    EXPECT_EQ(
        test::codeOf(copyFile(from, other, stop.get_token(), [&](std::uint64_t) { stop.request_stop(); })),
        kCancelled);
    EXPECT_EQ(test::codeOf(copyFile(m_folder.path() / "nothing", other)), "file.not_found");
    EXPECT_EQ(test::codeOf(copyFile(from, m_folder.path() / "no/folder")), "file.unwritable");
    std::size_t left = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(m_folder.path()))
        ++left;
    EXPECT_EQ(left, 2U) << "an unfinished copy was left behind";
}

TEST_F(Hash, DigestsAreStrict) {
    EXPECT_TRUE(isSha256(std::string(64, 'a')));
    EXPECT_FALSE(isSha256(std::string(63, 'a')));
    EXPECT_FALSE(isSha256(std::string(64, 'A')));
    EXPECT_FALSE(isSha256("../" + std::string(61, 'a')));
}

} // namespace
