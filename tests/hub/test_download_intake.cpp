// From a hub into the library: what is recorded about a model that was downloaded.

#include "engine/workbench/hub/download_intake.h"

#include <nlohmann/json.hpp>

#include "engine/base/content_hash.h"
#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
namespace fs = std::filesystem;

class Intake : public test::LibraryTest {
protected:
    hub::ArrivedFile arrived(const fs::path& file) const {
        hub::ArrivedFile out;
        out.path = file;
        out.endpoint = "https://hub.example";
        out.repository = "maker/Tiny-GGUF";
        out.revision = std::string(40, 'c');
        out.file = file.filename().string();
        out.licence = "mit";
        ContentHash hash;
        const std::string bytes = test::readText(file);
        hash.add(std::as_bytes(std::span(bytes)));
        out.sha256 = hash.hex();
        out.bytes = bytes.size();
        return out;
    }
    Result<std::optional<AddReport>> enter(const hub::ArrivedFile& file) {
        return enterLibrary(file, path("library.db"), {path("models"), {}});
    }
};

TEST_F(Intake, RecordsWhereItIsFromAndItsHash) {
    const auto file = arrived(put("llama-Q4_0.gguf", "models/maker/Tiny-GGUF/tiny-Q4_0.gguf"));
    const auto entered = enter(file);
    ASSERT_TRUE(entered) << entered.error().message();
    ASSERT_TRUE(*entered);
    const auto model = library->version((*entered)->version).value();
    EXPECT_EQ(model.licence, "mit");
    const auto& one = model.versions.front();
    EXPECT_EQ(one.origin, "downloaded");
    EXPECT_EQ(one.source, "https://hub.example/maker/Tiny-GGUF@" + std::string(40, 'c'));
    EXPECT_EQ(nlohmann::json::parse(one.recipe)["file"], "tiny-Q4_0.gguf");
    ASSERT_EQ(one.files.size(), 1U);
    EXPECT_EQ(one.files[0].sha256, file.sha256);
    EXPECT_EQ(one.files[0].mode, FileMode::Made);
    EXPECT_GT(one.files[0].verifiedMs, 0);
    const auto again = enter(file);
    ASSERT_TRUE(again && *again);
    EXPECT_TRUE((*again)->alreadyThere);
    EXPECT_TRUE(library->verify(one.id).value().good());
}

TEST_F(Intake, ASetComesWithItsLastPart) {
    const auto first = put("llama-Q4_0.gguf", "models/m-00001-of-00002.gguf");
    auto file = arrived(first);
    EXPECT_FALSE(libraryRequest(file)) << "the second part is not there yet";
    const auto second = put("llama-Q4_0.gguf", "models/m-00002-of-00002.gguf");
    auto last = arrived(second);
    last.beside = {{first, file.sha256}};
    const auto request = libraryRequest(last);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->path, first);
    ASSERT_EQ(request->verified.size(), 2U);
    EXPECT_EQ(request->verified[0].path, first);
    EXPECT_EQ(request->verified[1].sha256, last.sha256);
    last.beside.clear();
    EXPECT_EQ(libraryRequest(last)->verified.size(), 1U) << "nobody knows the other's hash any more";
}

TEST_F(Intake, WhatIsNoModelIsNamedAndStays) {
    hub::ArrivedFile card;
    card.path = path("README.md");
    EXPECT_FALSE(libraryRequest(card));
    fs::create_directories(path("models"));
    std::ofstream(path("models/page.gguf")) << "<html>";
    const auto refused = enter(arrived(path("models/page.gguf")));
    EXPECT_EQ(test::codeOf(refused), "gguf.bad_magic");
    EXPECT_TRUE(fs::exists(path("models/page.gguf")));
    EXPECT_EQ(models(), 0U);
}

} // namespace
